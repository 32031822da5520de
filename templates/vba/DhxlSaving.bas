Attribute VB_Name = "DhxlSaving"
Option Explicit

' The snapshot taken on saving: values of every live_x are copied to the constants of saved_x, so that the workbook
' stands without Python. Only where the functions answer, all is calculated and no DH_ cell is in error; otherwise
' the saved values stay as they are. The time changes only with a value.

Private Const LIVE_PREFIX As String = "live_"
Private Const SAVED_PREFIX As String = "saved_"

' Why no snapshot may be taken; empty where one may.
Public Function DhxlObstacle() As String
    Dim state As Variant, one As Name, sheet As Worksheet
    On Error GoTo Failed
    state = ThisWorkbook.Names("engine_live").RefersToRange.Value2
    If VarType(state) <> vbBoolean Then
        DhxlObstacle = "engine_live is not TRUE"
    ElseIf Not state Then
        DhxlObstacle = "engine_live is not TRUE"
    ElseIf Application.CalculationState <> xlDone Then
        DhxlObstacle = "the calculation is not complete"
    End If
    If Len(DhxlObstacle) > 0 Then Exit Function
    For Each one In ThisWorkbook.Names
        If IsLive(one) Then DhxlObstacle = PairObstacle(one)
        If Len(DhxlObstacle) > 0 Then Exit Function
    Next one
    For Each sheet In ThisWorkbook.Worksheets
        DhxlObstacle = SheetObstacle(sheet)
        If Len(DhxlObstacle) > 0 Then Exit Function
    Next sheet
    Exit Function
Failed:
    DhxlObstacle = Err.Description
End Function

' Takes the snapshot; says how many blocks changed.
Public Function DhxlSnapshot() As Long
    Dim mode As Long, events As Boolean, screen As Boolean, moment As String
    Dim one As Name, changed As Collection, before As Collection, k As Long
    If Len(DhxlObstacle()) > 0 Then Exit Function
    Set changed = New Collection
    Set before = New Collection
    For Each one In ThisWorkbook.Names
        If IsLive(one) Then
            If Not SameValues(one.RefersToRange.Value2, Partner(one).RefersToRange.Value2) Then changed.Add one
        End If
    Next one
    If changed.Count = 0 Then Exit Function
    moment = DhxlNow()
    If Len(moment) = 0 Then Exit Function
    mode = Application.Calculation
    events = Application.EnableEvents
    screen = Application.ScreenUpdating
    On Error GoTo Failed
    Application.EnableEvents = False
    Application.ScreenUpdating = False
    Application.Calculation = xlCalculationManual
    For Each one In changed
        before.Add Partner(one).RefersToRange.Value2
        Partner(one).RefersToRange.Value2 = Constants(one.RefersToRange.Value2)
    Next one
    ThisWorkbook.Names("saved_at").RefersToRange.Value2 = "'" & moment
    DhxlSnapshot = changed.Count
Restore:
    On Error Resume Next
    Application.Calculation = mode
    Application.ScreenUpdating = screen
    Application.EnableEvents = events
    Exit Function
Failed:
    Resume Undo
Undo:
    On Error Resume Next
    For k = 1 To before.Count
        Partner(changed(k)).RefersToRange.Value2 = Constants(before(k))
    Next k
    GoTo Restore
End Function

Private Function IsLive(ByVal one As Name) As Boolean
    IsLive = LCase$(Left$(one.Name, Len(LIVE_PREFIX))) = LIVE_PREFIX
End Function

Private Function Partner(ByVal one As Name) As Name
    Set Partner = ThisWorkbook.Names(SAVED_PREFIX & Mid$(one.Name, Len(LIVE_PREFIX) + 1))
End Function

Private Function PairObstacle(ByVal one As Name) As String
    Dim from As Range, target As Range, cell As Variant
    Set from = one.RefersToRange
    Set target = Partner(one).RefersToRange
    If from.Rows.Count <> target.Rows.Count Or from.Columns.Count <> target.Columns.Count Then
        PairObstacle = Partner(one).Name & " has another shape than " & one.Name
    ElseIf target.Worksheet.ProtectContents Then
        PairObstacle = "the sheet " & target.Worksheet.Name & " is protected"
    ElseIf from.Count = 1 Then
        If IsError(from.Value2) Then PairObstacle = one.Name & " is in error"
    Else
        For Each cell In from.Value2
            If IsError(cell) Then
                PairObstacle = one.Name & " is in error"
                Exit For
            End If
        Next cell
    End If
End Function

Private Function SheetObstacle(ByVal sheet As Worksheet) As String
    Dim wrong As Range, cell As Range
    On Error Resume Next
    Set wrong = sheet.UsedRange.SpecialCells(xlCellTypeFormulas, xlErrors)
    On Error GoTo 0
    If wrong Is Nothing Then Exit Function
    For Each cell In wrong.Cells
        If InStr(1, cell.Formula, "DH_", vbTextCompare) > 0 Then
            SheetObstacle = sheet.Name & "!" & cell.Address(False, False) & " is in error"
            Exit Function
        End If
    Next cell
End Function

Private Function SameValues(ByVal one As Variant, ByVal other As Variant) As Boolean
    Dim r As Long, c As Long
    If Not IsArray(one) Then
        SameValues = SameCell(one, other)
        Exit Function
    End If
    For r = LBound(one, 1) To UBound(one, 1)
        For c = LBound(one, 2) To UBound(one, 2)
            If Not SameCell(one(r, c), other(r, c)) Then Exit Function
        Next c
    Next r
    SameValues = True
End Function

' Numbers are the same to 15 digits, as Excel compares; a blank cell and an empty text are the same.
Private Function SameCell(ByVal one As Variant, ByVal other As Variant) As Boolean
    If IsError(one) Or IsError(other) Then Exit Function
    If VarType(one) = vbDouble And VarType(other) = vbDouble Then
        SameCell = Abs(one - other) <= 5E-16 * Abs(one)
        If Not SameCell Then SameCell = CStr(one) = CStr(other)
    ElseIf Len(CStr(one)) = 0 And Len(CStr(other)) = 0 Then
        SameCell = True
    Else
        SameCell = VarType(one) = VarType(other) And CStr(one) = CStr(other)
    End If
End Function

' An apostrophe keeps Excel from reading a text as a number, a date or a formula.
Private Function Constants(ByVal given As Variant) As Variant
    Dim r As Long, c As Long
    If IsArray(given) Then
        For r = LBound(given, 1) To UBound(given, 1)
            For c = LBound(given, 2) To UBound(given, 2)
                given(r, c) = Constant(given(r, c))
            Next c
        Next r
        Constants = given
    Else
        Constants = Constant(given)
    End If
End Function

Private Function Constant(ByVal given As Variant) As Variant
    Constant = given
    If VarType(given) = vbString Then
        If Len(given) > 0 Then Constant = "'" & given Else Constant = Empty
    End If
End Function
