Attribute VB_Name = "DhxlCall"
Option Explicit

' The way from a cell to Python and back. One server process answers all functions of this workbook; ranges go
' there as values, so that it never has to ask Excel back. A text that begins with MARK is an error: the number that
' CVErr takes, "|", and the sentence, which is kept for the cell until its next answer.
'
' What is kept stands by the first calling cell (sheet, row, column): rows and columns of the calling cells, then an
' entry a cell in error with its place below and beside the first one.

Private Const MARK As String = "#DHERR|"
Private Const HOST As String = "dhxl.hosts.excel"
Private Const VERSIONS As String = "dhxl.hosts.versions"
Private Const NOT_AT_HAND As Long = 2029
Private Const BAD_INPUT As Long = 2015
Private Const MOST_CELLS As Double = 1048576
Private Const GONE As String = "|-2147023174|-2147023170|-2147023169|-2147417848|-2147417856|462|"

Private server As Object
Private trouble As String
Private passing As Boolean
Private notice As String
Private sentences As Object
Private wrong As String
Private errorCount As Long
Private Const MOST_KEPT As Long = 200

' Answers a function of the sheet: name, and its arguments as they came.
Public Function DhxlAnswer(ByVal called As String, ByVal given As Variant) As Variant
    Dim place As Range, tries As Long, answer As Variant, k As Long
    On Error GoTo Failed
    Set place = CallingCell()
    For k = LBound(given) To UBound(given)
        If IsObject(given(k)) Then given(k) = CellValues(given(k))
    Next k
Again:
    If Not DhxlReached() Then
        DhxlAnswer = KeptError(place, NOT_AT_HAND, called & ": " & trouble)
        Exit Function
    End If
    answer = server.CallUDF(HOST, called, given)
    DhxlAnswer = Shown(place, answer)
    Exit Function
Failed:
    If InStr(GONE, "|" & Err.Number & "|") > 0 And tries = 0 Then
        tries = 1
        Set server = Nothing
        Resume Again
    End If
    If InStr(Err.Description, "has no attribute") > 0 Then
        DhxlAnswer = KeptError(place, NOT_AT_HAND, called & ": " & _
            "needs a newer dhxl than the one installed (pip install --upgrade dhxl)")
    Else
        DhxlAnswer = KeptError(place, BAD_INPUT, called & ": " & LastLine(Err.Description))
    End If
End Function

' Whether Python answers. A failure is remembered until DhxlForget, so that a missing Python costs one try.
Public Function DhxlReached() As Boolean
    If Not server Is Nothing Then
        DhxlReached = True
        Exit Function
    End If
    If Len(trouble) > 0 And Not passing Then Exit Function
    passing = False
    trouble = DhxlMissing()
    If Len(trouble) > 0 Then Exit Function
    On Error GoTo Failed
    Set server = XLPy()
    notice = server.Str(server.Call(server.Module(VERSIONS), "greeting", _
        server.Tuple(DHXL_VERSION, DHXL_FUNCTIONS)))
    DhxlReached = True
    Exit Function
Failed:
    Set server = Nothing
    passing = ActiveWorkbook Is Nothing
    trouble = "Python does not answer (" & LastLine(Err.Description) & "); run: dhxl doctor"
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

' Lets the next function look for Python again.
Public Sub DhxlForget()
    trouble = ""
    passing = False
    notice = ""
    Set server = Nothing
    Set sentences = Nothing
End Sub

' What the user should know of versions, once.
Public Function DhxlNotice() As String
    DhxlNotice = notice
    notice = ""
End Function

' The time (UTC) by Python's clock; empty where Python is not at hand.
Public Function DhxlNow() As String
    On Error GoTo Failed
    If DhxlReached() Then DhxlNow = server.Str(server.Call(server.Module(VERSIONS), "moment", server.Tuple()))
Failed:
End Function

' Whether the function wizard asks, which would calculate anew at every key.
Public Function DhxlInWizard() As Boolean
    On Error Resume Next
    DhxlInWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' The sentence behind an error value of a function.
Public Function DH_WHY(ByVal cell As Range) As Variant
    Dim one As Range
    On Error GoTo Failed
    Set one = cell.Cells(1, 1)
    DH_WHY = KeptFor(one)
    If Len(DH_WHY) > 0 Then Exit Function
    If Not IsError(one.Value2) Then
        DH_WHY = "no error"
    ElseIf InStr(1, one.Formula, "DH_", vbTextCompare) > 0 Then
        DH_WHY = "no sentence is kept: calculate the cell anew (F2, Enter); an argument may be missing"
    Else
        DH_WHY = "the error comes from a cell that this one refers to"
    End If
    Exit Function
Failed:
    DH_WHY = CVErr(BAD_INPUT)
End Function

' The sentence kept for a cell of this workbook, for macros; empty where there is none.
Public Function DhxlSentence(ByVal sheet As String, ByVal address As String) As String
    DhxlSentence = KeptFor(ThisWorkbook.Worksheets(sheet).Range(address).Cells(1, 1))
End Function

Private Function KeptFor(ByVal cell As Range) As String
    Dim key As Variant, first() As String, entries() As String, size() As String
    Dim down As Long, across As Long, k As Long
    If sentences Is Nothing Then Exit Function
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

Private Function Shown(ByVal place As Range, ByVal answer As Variant) As Variant
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
    Keep place, IIf(kind = 0, "all", "each")
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

Private Function KeptError(ByVal place As Range, ByVal number As Long, ByVal sentence As String) As Variant
    wrong = vbFormFeed & 0 & vbTab & 0 & vbTab & sentence
    Keep place, "all"
    KeptError = CVErr(number)
End Function

Private Sub Keep(ByVal place As Range, ByVal extent As String)
    Dim key As String
    On Error Resume Next
    If place Is Nothing Then Exit Sub
    If sentences Is Nothing And Len(wrong) = 0 Then Exit Sub
    If sentences Is Nothing Then Set sentences = New Dictionary
    key = place.Worksheet.Name & vbTab & place.Row & vbTab & place.Column
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
