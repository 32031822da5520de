Attribute VB_Name = "DhxlMacros"
Option Explicit

' What the buttons run: one statement of Python each.

Public Sub DhxlRecalculate()
    RunMacro "recalculate"
End Sub

Public Sub DhxlSensitivity()
    RunMacro "run_sensitivity"
End Sub

Public Sub DhxlTornado()
    RunMacro "tornado"
End Sub

Public Sub DhxlStorage()
    RunMacro "storage_sweep"
End Sub

Public Sub DhxlFreeze()
    RunMacro "freeze_copy"
End Sub

Public Sub DhxlCheck()
    RunMacro "check_workbook"
End Sub

Public Sub DhxlWhy()
    RunMacro "why_red"
End Sub

Public Sub DhxlHelp()
    RunMacro "show_help"
End Sub

' Registers the texts of the functions anew, should the function wizard lack them.
Public Sub DhxlTextsAgain()
    DhxlRegister
End Sub

Private Sub RunMacro(ByVal called As String)
    Dim missing As String, events As Boolean, mode As Long
    events = Application.EnableEvents
    mode = Application.Calculation
    On Error GoTo Failed
    If Not DhxlOnMac() Then
        missing = DhxlTrouble()
        If Len(missing) > 0 Then Err.Raise vbObjectError, , missing
        If called = "recalculate" Then LookAgain
    End If
    If RunPython("import dhxl.macros; dhxl.macros." & called & "(" & MacCopy(called) & ")") = -1 Then
        PutBack events, mode ' Python ended on the way, and xlwings has shown its message
    End If
    Exit Sub
Failed:
    missing = Err.Description
    PutBack events, mode
    On Error Resume Next
    If called = "show_help" Then ThisWorkbook.Worksheets("Guide").Activate
    MsgBox "This button needs Python with dhxl: " & missing & "." & vbCrLf & vbCrLf & _
        "Without it inputs and native formulas work on; results of the DH_ functions are the saved ones." & _
        vbCrLf & vbCrLf & "In a command window: dhxl doctor", vbInformation, "dhxl"
End Sub

' What Python may have left behind. Excel puts back neither all of it nor what another process has set.
Private Sub PutBack(ByVal events As Boolean, ByVal mode As Long)
    On Error Resume Next
    Application.StatusBar = False
    Application.DisplayAlerts = True
    Application.ScreenUpdating = True
    Application.EnableEvents = events
    If Application.Calculation <> mode Then Application.Calculation = mode
End Sub

' Has the workbook ask anew whether the functions are at hand, where it says that they are not. Without alerts, or Excel
' asks again and again whether to wait for Python.
Private Sub LookAgain()
    Dim live As Range
    On Error Resume Next
    Set live = DhxlNamed("engine_live")
    Application.DisplayAlerts = False
    If live.Value2 = False Then live.Formula = live.Formula
    Application.DisplayAlerts = True
End Sub

' On a Mac Excel saves no copy when Python asks: it is saved here, into the folder where Excel may write, and named.
Private Function MacCopy(ByVal called As String) As String
    Dim path As String, events As Boolean
    If called = "show_help" Then Exit Function
    If Not DhxlOnMac() Then Exit Function
    path = Environ$("HOME") & "/dhxl-copy.xlsm"
    events = Application.EnableEvents
    Application.EnableEvents = False
    ThisWorkbook.SaveCopyAs path
    Application.EnableEvents = events
    MacCopy = "copy='" & Replace(path, "'", "\'") & "'"
End Function
