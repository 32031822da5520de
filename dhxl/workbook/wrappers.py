r"""The VBA side of the registry: one Function per worksheet function, and its texts for Excel's function wizard.

VBA source is kept to ASCII: texts spell other characters as ``\u00b7``, which the macro turns back, so that no code
page of Windows garbles them. Attributes, which Excel reads without running anything, get a plain rendering.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from itertools import groupby
from typing import Final

from dhxl.functions.info import WHY
from dhxl.functions.spec import CATEGORIES, REGISTRY, WorksheetFunction
from dhxl.functions.stamp import functions_stamp
from dhxl.functions.wizard import argument_text

__all__ = ["FunctionText", "function_module", "function_texts", "info_module", "text_module"]

SLOW: Final = "DH Dispatch"  # the wizard would calculate these anew at every key
_PLAIN: Final = str.maketrans({"°": "deg", "·": ".", "²": "2", "³": "3"})


@dataclass(frozen=True, slots=True)
class FunctionText:
    """What the function wizard and help at typing show: name, category, what is returned, and each argument."""

    name: str
    category: str
    summary: str
    arguments: tuple[tuple[str, str], ...]


def function_texts() -> tuple[FunctionText, ...]:
    """Return the texts of all functions, by category as the wizard lists them."""
    texts = [
        FunctionText(
            one.name,
            one.category,
            one.summary,
            tuple((argument.name, argument_text(argument)) for argument in one.arguments),
        )
        for one in REGISTRY.values()
    ]
    return tuple(sorted(texts, key=lambda text: CATEGORIES.index(text.category)))


def info_module(xlwings_version: str) -> str:
    """Return the module that says what the workbook's macros were made with."""
    return _module(
        "DhxlInfo",
        [
            "' What these macros were made with; written by dhxl upgrade.",
            "",
            f'Public Const DHXL_VERSION As String = "{metadata.version("dhxl")}"',
            f'Public Const DHXL_FUNCTIONS As String = "{functions_stamp()}"',
            f'Public Const DHXL_XLWINGS As String = "{xlwings_version}"',
        ],
    )


def function_module() -> str:
    """Return the module with one Function per worksheet function.

    Every argument is optional for VBA: without a required one Excel would show #VALUE! and not call the function, so
    that no sentence could say which is missing.
    """
    lines = ["' Written from the list of functions of dhxl; changes are lost at the next dhxl upgrade."]
    for one in REGISTRY.values():
        lines += ["", *_wrapper(one)]
    return _module("DhxlFunctions", lines)


def text_module() -> str:
    """Return the module that gives the function wizard its texts."""
    blocks = {
        category.removeprefix("DH "): list(texts)
        for category, texts in groupby(function_texts(), key=lambda text: text.category)
    }
    lines = ["' Texts of the function wizard, written from the list of functions of dhxl.", ""]
    lines += ["Public Sub DhxlRegister()", *(f"    Register{name}" for name in blocks), "End Sub"]
    for name, texts in blocks.items():
        lines += ["", f"Private Sub Register{name}()"]
        for text in texts:
            told = [text.name, text.category, text.summary, *(words for _, words in text.arguments)]
            lines += [f"    Describe {_quoted(told[0])}, {_quoted(told[1])}, _"]
            lines += [f"        {_quoted(words)}, _" for words in told[2:-1]] + [f"        {_quoted(told[-1])}"]
        lines.append("End Sub")
    return _module("DhxlTexts", [*lines, *_REGISTERING], ("Option Explicit", "Option Private Module"))


def _wrapper(function: WorksheetFunction) -> Iterator[str]:
    name, names = function.name, [one.name for one in function.arguments]
    passed = ", ".join(names)
    answer = f'{"DhxlSlowAnswer" if function.category == SLOW else "DhxlAnswer"}("{name}", Array({passed}))'
    yield f"Public Function {name}({', '.join(f'Optional {one} As Variant' for one in names)}) As Variant"
    yield f'Attribute {name}.VB_Description = "{_doubled(function.summary.translate(_PLAIN))}"'
    yield f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    yield f"    {name} = {answer if name != WHY else f'DhxlReason({passed})'}"
    yield "End Function"


def _module(name: str, lines: Iterable[str], options: Iterable[str] = ("Option Explicit",)) -> str:
    source = "\n".join([f'Attribute VB_Name = "{name}"', *options, "", *lines, ""])
    if not source.isascii():
        wrong = sorted({sign for sign in source if not sign.isascii()})
        raise ValueError(f"the VBA module {name} holds characters beyond ASCII: {' '.join(wrong)}")
    return source


def _quoted(text: str) -> str:
    spelled = "".join(sign if sign.isascii() else f"\\u{ord(sign):04x}" for sign in text)
    return f'"{_doubled(spelled)}"'


def _doubled(text: str) -> str:
    return text.replace('"', '""')


_REGISTERING: Final = r"""
Private Sub Describe(ByVal called As String, ByVal kind As String, ByVal summary As String, _
    ParamArray arguments() As Variant)
    Dim texts() As Variant, k As Long, book As String
    On Error Resume Next
    book = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!"
    If UBound(arguments) < 0 Then
        Application.MacroOptions Macro:=book & called, Description:=Spelled(summary), Category:=kind
    Else
        ReDim texts(0 To UBound(arguments))
        For k = 0 To UBound(arguments)
            texts(k) = Spelled(arguments(k))
        Next k
        Application.MacroOptions Macro:=book & called, Description:=Spelled(summary), Category:=kind, _
            ArgumentDescriptions:=texts
    End If
End Sub

Private Function Spelled(ByVal text As String) As String
    Dim at As Long
    at = InStr(text, "\u")
    Do While at > 0
        text = Left$(text, at - 1) & ChrW$(CLng("&H" & Mid$(text, at + 2, 4))) & Mid$(text, at + 6)
        at = InStr(at + 1, text, "\u")
    Loop
    Spelled = text
End Function""".split("\n")
