Attribute VB_Name = "DhxlCall"
Option Explicit
Option Private Module

' The way from a cell to Python and back. One server process answers all functions of this workbook; ranges go
' there as values, so that it never has to ask Excel back. A text that begins with MARK is an error: the number that
' CVErr takes, "|", and the sentence, which is kept for the cell until the function's next answer there.
'
' What is kept stands by the first calling cell and the function: rows and columns of the calling cells, then an entry
' a cell in error with its place below and beside the first one.

Private Const MARK As String = "#DHERR|"
Private Const HOST As String = "dhxl.hosts.excel"
Private Const VERSIONS As String = "dhxl.hosts.versions"
Private Const BAD_INPUT As Long = 2015
Private Const NOT_AT_HAND As Long = 2029
Private Const NOT_YET As Long = 2042
Private Const MOST_CELLS As Double = 1000000
Private Const MOST_KEPT As Long = 200
Private Const GONE As String = "|-2147023174|-2147023170|-2147023169|-2147417848|-2147417856|462|"

Private server As Object
Private trouble As String
Private passing As Boolean
Private notice As String
Private sentences As Object
Private wrong As String
Private errorCount As Long

' Answers a function of the sheet: name, and its arguments as they came.
Public Function DhxlAnswer(ByVal called As String, ByVal given As Variant) As Variant
    Dim place As Range, tries As Long, held As Variant, k As Long
    On Error GoTo Failed
    Set place = CallingCell()
    For k = LBound(given) To UBound(given)
        If IsObject(given(k)) Then
            held = CellValues(given(k))
            If Awaits(given(k), held) Then
                DhxlAnswer = KeptError(place, called, NOT_YET, "waits for cells that are not calculated")
                Exit Function
            End If
            given(k) = held
        End If
    Next k
Again:
    If DhxlReached() Then
        DhxlAnswer = Shown(place, called, server.CallUDF(HOST, called, given))
    Else
        DhxlAnswer = KeptError(place, called, NOT_AT_HAND, trouble)
    End If
    Exit Function
Failed:
    If InStr(GONE, "|" & Err.Number & "|") > 0 And tries = 0 Then
        tries = 1
        Set server = Nothing
        Resume Again
    End If
    If InStr(Err.Description, "has no attribute '" & called & "'") > 0 Then
        DhxlAnswer = KeptError(place, called, NOT_AT_HAND, _
            "needs a newer dhxl than the one installed (pip install --upgrade dhxl)")
    Else
        DhxlAnswer = KeptError(place, called, BAD_INPUT, LastLine(Err.Description))
    End If
End Function

' Answers a function that takes long: an error while the function wizard is open, which would have it calculated anew
' at every key. Never a blank, which the sheet would take for 0.
Public Function DhxlSlowAnswer(ByVal called As String, ByVal given As Variant) As Variant
    If InWizard() Then
        DhxlSlowAnswer = KeptError(CallingCell(), called, NOT_YET, "waits until the function wizard is closed")
    Else
        DhxlSlowAnswer = DhxlAnswer(called, given)
    End If
End Function

' Whether Python answers. A failure is remembered, so that a missing Python costs one try, unless it may pass.
Public Function DhxlReached() As Boolean
    If Not server Is Nothing Then
        DhxlReached = True
        Exit Function
    End If
    If Len(trouble) > 0 And Not passing Then Exit Function
    passing = Not DhxlSheetInFront()
    trouble = DhxlMissing()
    If Len(trouble) > 0 Then Exit Function
    On Error GoTo Failed
    Set server = XLPy()
    notice = server.Str(server.Call(server.Module(VERSIONS), "greeting", _
        server.Tuple(DHXL_VERSION, DHXL_FUNCTIONS)))
    DhxlReached = True
    Exit Function
Failed:
    trouble = "Python does not answer (" & LastLine(Err.Description) & "); run: dhxl doctor"
    Set server = Nothing
End Function

' What keeps Python from answering, looked for anew; empty where it answers.
Public Function DhxlTrouble() As String
    trouble = ""
    If Not DhxlReached() Then DhxlTrouble = trouble
End Function

' Whether a worksheet is in front. Without one xlwings cannot read its settings: it asks for Range of no sheet.
Public Function DhxlSheetInFront() As Boolean
    On Error Resume Next
    DhxlSheetInFront = TypeName(ActiveSheet) = "Worksheet"
End Function

' Whether a cell of a range holds a formula.
Public Function DhxlHoldsFormula(ByVal area As Range) As Boolean
    Dim known As Variant
    known = area.HasFormula
    If IsNull(known) Then known = True ' some do, others do not
    DhxlHoldsFormula = known
End Function

' What is missing on this machine, found without starting anything; empty where all is there.
Public Function DhxlMissing() As String
    Dim program As String
    If DhxlOnMac() Then
        DhxlMissing = "functions need Excel on Windows; on a Mac press Recalculate or use: dhxl run"
        Exit Function
    End If
    On Error GoTo Failed
    program = GetConfig("INTERPRETER_WIN", "")
    If Len(program) = 0 Or InStr(program, "%") > 0 Then
        DhxlMissing = "no Python is set up for workbooks (run: dhxl setup, then start Excel anew)"
    ElseIf Not FileExists(program) Then
        DhxlMissing = "Python is no longer at " & program & " (run: dhxl setup)"
    End If
    Exit Function
Failed:
    DhxlMissing = "the settings for Python cannot be read (" & Err.Description & ")"
End Function

' Whether Excel runs on a Mac, where macros reach Python and functions do not.
Public Function DhxlOnMac() As Boolean
    On Error Resume Next
    DhxlOnMac = InStr(1, Application.OperatingSystem, "Mac", vbTextCompare) > 0
End Function

' What the user should know of versions, once.
Public Function DhxlNotice() As String
    DhxlNotice = notice
    notice = ""
End Function

' The time (UTC) by Python's clock; empty where Python is not at hand.
Public Function DhxlNow() As String
    Dim tries As Long
    On Error Resume Next
    For tries = 1 To 2
        If DhxlReached() Then DhxlNow = server.Str(server.Call(server.Module(VERSIONS), "moment", server.Tuple()))
        If Len(DhxlNow) > 0 Then Exit Function
        Set server = Nothing
    Next tries
End Function

' Answers DH_WHY: the sentence kept for a cell that shows an error. What is no cell is a matter for Python.
Public Function DhxlReason(ByVal asked As Variant) As Variant
    Dim cell As Range
    On Error GoTo Failed
    If Not IsObject(asked) Then
        DhxlReason = DhxlAnswer("DH_WHY", Array(asked))
        Exit Function
    End If
    Set cell = asked.Cells(1, 1)
    If Not IsError(cell.Value2) Then
        DhxlReason = "no error"
        Exit Function
    End If
    DhxlReason = KeptFor(cell)
    If Len(DhxlReason) > 0 Then Exit Function
    DhxlReason = "no sentence: the error comes from a cell that this one refers to, " & _
        "or from a function that is not of dhxl"
    If InStr(1, cell.Formula, "DH_", vbTextCompare) > 0 Then
        DhxlReason = "no sentence is kept: calculate the cell anew (F2, Enter)"
    End If
    Exit Function
Failed:
    DhxlReason = CVErr(BAD_INPUT)
End Function

Private Function KeptFor(ByVal cell As Range) As String
    Dim key As Variant, first() As String, entries() As String, size() As String
    Dim down As Long, across As Long, k As Long
    If sentences Is Nothing Or cell.Worksheet.Parent.Name <> ThisWorkbook.Name Then Exit Function
    For Each key In sentences.Keys
        first = Split(key, vbTab)
        down = cell.Row - CLng(first(1))
        across = cell.Column - CLng(first(2))
        If first(0) = cell.Worksheet.Name And down >= 0 And across >= 0 Then
            entries = Split(sentences.Item(key), vbFormFeed)
            size = Split(entries(0), vbTab)
            For k = 1 To UBound(entries)
                If InStr(entries(k), down & vbTab & across & vbTab) = 1 Then
                    KeptFor = Split(entries(k), vbTab, 3)(2)
                    Exit Function
                End If
            Next k
            If size(2) = "all" And down < CLng(size(0)) And across < CLng(size(1)) Then
                KeptFor = Split(entries(1), vbTab, 3)(2)
                Exit Function
            End If
        End If
    Next key
End Function

Private Function CallingCell() As Range
    On Error Resume Next
    If TypeOf Application.Caller Is Range Then Set CallingCell = Application.Caller
End Function

Private Function CellValues(ByVal area As Range) As Variant
    If area.Areas.Count > 1 Then Err.Raise BAD_INPUT, , "a range must be one block, got " & area.Areas.Count
    If CDbl(area.Rows.Count) * area.Columns.Count > MOST_CELLS Then
        Err.Raise BAD_INPUT, , "a range may have " & MOST_CELLS & " cells at most; leave out whole columns"
    End If
    CellValues = area.Value2
End Function

' Whether a cell awaits its calculation: it is empty though it holds a formula. Excel has then marked the calling cell
' and calculates it again after that one, so that the first answer counts for nothing and need not be worked out.
Private Function Awaits(ByVal area As Range, held As Variant) As Boolean
    Dim r As Long, c As Long
    If Not DhxlHoldsFormula(area) Then Exit Function
    If Not IsArray(held) Then
        Awaits = IsEmpty(held)
        Exit Function
    End If
    For r = 1 To UBound(held, 1)
        For c = 1 To UBound(held, 2)
            If IsEmpty(held(r, c)) Then
                If area.Cells(r, c).HasFormula Then
                    Awaits = True
                    Exit Function
                End If
            End If
        Next c
    Next r
End Function

' Whether the function wizard is open.
Private Function InWizard() As Boolean
    On Error Resume Next
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

Private Function Shown(ByVal place As Range, ByVal called As String, ByVal answer As Variant) As Variant
    Dim r As Long, c As Long, kind As Long
    wrong = ""
    errorCount = 0
    kind = Dimensions(answer)
    If kind = 0 Then
        answer = ShownCell(0, 0, answer)
    ElseIf kind = 1 Then
        For c = LBound(answer) To UBound(answer)
            If VarType(answer(c)) = vbString Then answer(c) = ShownCell(0, c - LBound(answer), answer(c))
        Next c
    Else
        For r = LBound(answer, 1) To UBound(answer, 1)
            For c = LBound(answer, 2) To UBound(answer, 2)
                If VarType(answer(r, c)) = vbString Then
                    answer(r, c) = ShownCell(r - LBound(answer, 1), c - LBound(answer, 2), answer(r, c))
                End If
            Next c
        Next r
    End If
    Keep place, called, IIf(kind = 0, "all", "each")
    Shown = answer
End Function

Private Function ShownCell(ByVal down As Long, ByVal across As Long, ByVal one As Variant) As Variant
    Dim parts() As String
    ShownCell = one
    If VarType(one) <> vbString Then Exit Function
    If Left$(one, Len(MARK)) <> MARK Then Exit Function
    parts = Split(one, "|", 3)
    ShownCell = CVErr(CLng(parts(1)))
    errorCount = errorCount + 1
    If errorCount <= MOST_KEPT Then wrong = wrong & vbFormFeed & down & vbTab & across & vbTab & parts(2)
End Function

Private Function KeptError(ByVal place As Range, ByVal called As String, ByVal number As Long, _
    ByVal sentence As String) As Variant
    wrong = vbFormFeed & 0 & vbTab & 0 & vbTab & called & ": " & sentence
    Keep place, called, "all"
    KeptError = CVErr(number)
End Function

Private Sub Keep(ByVal place As Range, ByVal called As String, ByVal extent As String)
    Dim key As String
    On Error Resume Next
    If place Is Nothing Then Exit Sub
    If sentences Is Nothing And Len(wrong) = 0 Then Exit Sub
    If sentences Is Nothing Then Set sentences = New Dictionary
    key = place.Worksheet.Name & vbTab & place.Row & vbTab & place.Column & vbTab & called
    If sentences.Exists(key) Then sentences.Remove key
    If Len(wrong) > 0 Then
        sentences.Add key, place.Rows.Count & vbTab & place.Columns.Count & vbTab & extent & wrong
    End If
End Sub

Private Function Dimensions(ByVal answer As Variant) As Long
    Dim edge As Long
    If Not IsArray(answer) Then Exit Function
    On Error GoTo Counted
    edge = UBound(answer, 1)
    Dimensions = 1
    edge = UBound(answer, 2)
    Dimensions = 2
Counted:
End Function

Private Function LastLine(ByVal text As String) As String
    Dim lines() As String, k As Long
    lines = Split(Replace(text, vbCr, vbLf), vbLf)
    For k = UBound(lines) To LBound(lines) Step -1
        LastLine = Trim$(lines(k))
        If Len(LastLine) > 0 Then Exit Function
    Next k
    LastLine = "no message"
End Function
