Attribute VB_Name = "DhxlEvents"
Option Explicit
Option Private Module

' What happens when the workbook is opened, calculated and saved: a line in the status bar, never a question, and no
' calculation by Python.

Private told As Boolean

Public Sub DhxlOpened()
    Dim clean As Boolean, missing As String
    On Error Resume Next
    clean = ThisWorkbook.Saved
    DhxlRegister
    missing = DhxlMissing()
    If Len(missing) > 0 Then
        Tell "dhxl: " & missing & ". The saved results are shown."
        FallBack
    Else
        Tell "dhxl " & DHXL_VERSION & ": functions are at hand."
    End If
    ThisWorkbook.Saved = clean
End Sub

Public Sub DhxlBeforeSave()
    On Error Resume Next
    DhxlSnapshot
End Sub

Public Sub DhxlCalculated()
    Dim notice As String
    notice = DhxlNotice()
    If Len(notice) > 0 Then Tell notice
End Sub

Public Sub DhxlQuiet()
    If told Then Application.StatusBar = False
    told = False
End Sub

Private Sub Tell(ByVal sentence As String)
    Application.StatusBar = sentence
    told = True
End Sub

' Without Python the cells fall back to the saved results at once, by native formulas only.
Private Sub FallBack()
    Dim live As Range
    Set live = ThisWorkbook.Names("engine_live").RefersToRange
    If live.Value2 = True And Application.Calculation = xlCalculationAutomatic Then
        live.Dirty
        Application.Calculate
    End If
End Sub
