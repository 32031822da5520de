Attribute VB_Name = "DhxlSaving"
Option Explicit
Option Private Module

' The snapshot taken on saving: values of every live_x are copied to the constants of saved_x, so that the workbook
' stands without Python. Only where the functions answer, all is calculated and no DH_ cell is in error; otherwise
' the saved values stay as they are. The time changes only with a value.

Private Const LIVE_PREFIX As String = "live_"
Private Const SAVED_PREFIX As String = "saved_"

' The range of a name of the whole workbook. Asked for by its name, Excel may give a sheet's own one: copying a sheet
' makes such names.
Public Function DhxlNamed(ByVal called As String) As Range
    Dim one As Name
    For Each one In ThisWorkbook.Names
        If LCase$(one.Name) = called Then
            Set DhxlNamed = RangeOf(one)
            Exit Function
        End If
    Next one
End Function

' Takes the snapshot. Returns what keeps it from being taken; nothing where it is taken, where nothing has changed, and
' where the functions are not at hand.
Public Function DhxlSnapshot() As String
    Dim state As Variant, pairs As Collection, changed As Collection, pair As Variant, moment As String
    On Error GoTo Failed
    state = DhxlNamed("engine_live").Value2
    If VarType(state) <> vbBoolean Then Exit Function
    If Not state Then Exit Function
    Set pairs = LivePairs()
    DhxlSnapshot = Obstacle(pairs)
    If Len(DhxlSnapshot) > 0 Then Exit Function
    Set changed = New Collection
    For Each pair In pairs
        If Not SameValues(pair(1).Value2, pair(2).Value2) Then changed.Add pair
    Next pair
    If changed.Count = 0 Then Exit Function
    moment = DhxlNow()
    If Len(moment) = 0 Then
        DhxlSnapshot = "Python does not answer"
    Else
        DhxlSnapshot = Written(changed, moment)
    End If
    Exit Function
Failed:
    DhxlSnapshot = Err.Description
End Function

' Writes what has changed, all or nothing; returns what went wrong.
Private Function Written(ByVal changed As Collection, ByVal moment As String) As String
    Dim mode As Long, events As Boolean, screen As Boolean, before As Collection, pair As Variant, k As Long
    mode = Application.Calculation
    events = Application.EnableEvents
    screen = Application.ScreenUpdating
    Set before = New Collection
    On Error GoTo Failed
    Application.EnableEvents = False
    Application.ScreenUpdating = False
    Application.Calculation = xlCalculationManual
    For Each pair In changed
        before.Add pair(2).Value2
        pair(2).Value2 = Constants(pair(1).Value2)
    Next pair
    DhxlNamed("saved_at").Value2 = "'" & moment
Restore:
    On Error Resume Next
    Application.Calculation = mode
    Application.ScreenUpdating = screen
    Application.EnableEvents = events
    Exit Function
Failed:
    Written = Err.Description
    Resume Undo
Undo:
    On Error Resume Next
    For k = 1 To before.Count
        pair = changed(k)
        pair(2).Value2 = Constants(before(k))
    Next k
    GoTo Restore
End Function

' Name, live range and saved range of every live_x that has its saved_x. Names of the user's own that begin so have no
' partner, or refer to no range; a sheet's own names stand with the sheet's name and a "!" in front.
Private Function LivePairs() As Collection
    Dim places As Object, one As Name, place As Range, key As Variant, partner As String
    Set places = New Dictionary
    For Each one In ThisWorkbook.Names
        key = LCase$(one.Name)
        If (key Like LIVE_PREFIX & "*" Or key Like SAVED_PREFIX & "*") And InStr(key, "!") = 0 Then
            Set place = RangeOf(one)
            If Not place Is Nothing Then places.Add key, place
        End If
    Next one
    Set LivePairs = New Collection
    For Each key In places.Keys
        partner = SAVED_PREFIX & Mid$(key, Len(LIVE_PREFIX) + 1)
        If key Like LIVE_PREFIX & "*" And places.Exists(partner) Then
            LivePairs.Add Array(key, places.Item(key), places.Item(partner))
        End If
    Next key
End Function

Private Function RangeOf(ByVal one As Name) As Range
    On Error Resume Next
    Set RangeOf = one.RefersToRange
    If RangeOf.Worksheet.Parent.Name <> ThisWorkbook.Name Then Set RangeOf = Nothing
End Function

Private Function Obstacle(ByVal pairs As Collection) As String
    Dim pair As Variant, sheet As Worksheet
    If Application.CalculationState <> xlDone Then
        Obstacle = "the calculation is not complete"
        Exit Function
    End If
    For Each pair In pairs
        If pair(1).Rows.Count <> pair(2).Rows.Count Or pair(1).Columns.Count <> pair(2).Columns.Count Then
            Obstacle = pair(0) & " and its saved values differ in shape"
        ElseIf pair(2).Worksheet.ProtectContents Then
            Obstacle = "the sheet " & pair(2).Worksheet.Name & " is protected"
        ElseIf DhxlHoldsFormula(pair(2)) Then
            Obstacle = SAVED_PREFIX & Mid$(pair(0), Len(LIVE_PREFIX) + 1) & " holds a formula"
        ElseIf HoldsError(pair(1).Value2) Then
            Obstacle = pair(0) & " is in error"
        End If
        If Len(Obstacle) > 0 Then Exit Function
    Next pair
    For Each sheet In ThisWorkbook.Worksheets
        Obstacle = CellInError(sheet)
        If Len(Obstacle) > 0 Then Exit Function
    Next sheet
End Function

Private Function HoldsError(ByVal held As Variant) As Boolean
    Dim cell As Variant
    If Not IsArray(held) Then
        HoldsError = IsError(held)
        Exit Function
    End If
    For Each cell In held
        If IsError(cell) Then
            HoldsError = True
            Exit Function
        End If
    Next cell
End Function

Private Function CellInError(ByVal sheet As Worksheet) As String
    Dim wrong As Range, cell As Range
    On Error Resume Next
    Set wrong = sheet.UsedRange.SpecialCells(xlCellTypeFormulas, xlErrors)
    On Error GoTo 0
    If wrong Is Nothing Then Exit Function
    For Each cell In wrong.Cells
        If InStr(1, cell.Formula, "DH_", vbTextCompare) > 0 Then
            CellInError = sheet.Name & "!" & cell.Address(False, False) & " is in error"
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
    If VarType(one) = vbDouble And VarType(other) = vbDouble Then
        SameCell = Abs(one - other) <= 5E-16 * Abs(one)
        If Not SameCell Then SameCell = CStr(one) = CStr(other)
    ElseIf Not IsError(one) And Not IsError(other) Then
        SameCell = CStr(one) = CStr(other)
        If SameCell And Len(CStr(one)) > 0 Then SameCell = VarType(one) = VarType(other)
    End If
End Function

' An apostrophe keeps Excel from reading a text as a number, a date or a formula, and an empty text from becoming a
' blank cell, which formulas would show as 0.
Private Function Constants(ByVal given As Variant) As Variant
    Dim r As Long, c As Long
    If IsArray(given) Then
        For r = LBound(given, 1) To UBound(given, 1)
            For c = LBound(given, 2) To UBound(given, 2)
                If VarType(given(r, c)) = vbString Then given(r, c) = "'" & given(r, c)
            Next c
        Next r
    ElseIf VarType(given) = vbString Then
        given = "'" & given
    End If
    Constants = given
End Function
