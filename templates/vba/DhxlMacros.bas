Attribute VB_Name = "DhxlMacros"
Option Explicit

' What the buttons run: one statement of Python each.

Public Sub DhxlRecalculate()
    DhxlForget
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
    Dim missing As String, events As Boolean
    events = Application.EnableEvents
    On Error GoTo Failed
    If Not DhxlOnMac() Then missing = DhxlMissing()
    If Len(missing) > 0 Then Err.Raise vbObjectError, , missing
    RunPython "import dhxl.macros; dhxl.macros." & called & "(" & MacCopy(called) & ")"
    Exit Sub
Failed:
    missing = Err.Description
    Application.EnableEvents = events
    Application.StatusBar = False
    On Error Resume Next
    If called = "show_help" Then ThisWorkbook.Worksheets("Guide").Activate
    MsgBox "This button needs Python with dhxl: " & missing & "." & vbCrLf & vbCrLf & _
        "Without it inputs and native formulas work on; results of the DH_ functions are the saved ones." & _
        vbCrLf & vbCrLf & "In a command window: dhxl doctor", vbInformation, "dhxl"
End Sub

' On a Mac Excel saves no copy when Python asks: it is saved here, into the folder where Excel may write, and named.
Private Function MacCopy(ByVal called As String) As String
    Dim path As String
    If called = "show_help" Then Exit Function
    If Not DhxlOnMac() Then Exit Function
    path = Environ$("HOME") & "/dhxl-copy.xlsm"
    Application.EnableEvents = False
    ThisWorkbook.SaveCopyAs path
    Application.EnableEvents = True
    MacCopy = "copy='" & Replace(path, "'", "\'") & "'"
End Function
