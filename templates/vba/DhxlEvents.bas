Attribute VB_Name = "DhxlEvents"
Option Explicit
Option Private Module

' What happens when the workbook is opened, calculated, saved and closed: a line in the status bar, never a question,
' and no calculation by Python. Members that not every Excel has are asked for through a plain Object.

Private told As Boolean

Public Sub DhxlOpened()
    Dim book As Object, clean As Boolean, signed As Boolean, missing As String
    On Error Resume Next
    Set book = ThisWorkbook
    clean = book.Saved
    signed = book.VBASigned
    ' Texts of the wizard are written into the project, which would cost it its signature.
    If Not signed Then DhxlRegister
    If DhxlSheetInFront() Then
        missing = DhxlMissing()
        If Len(missing) > 0 Then
            Tell "dhxl: " & missing & ". The saved results are shown."
            FallBack
        Else
            Tell "dhxl " & DHXL_VERSION & ": functions are at hand."
        End If
    End If
    book.Saved = clean
End Sub

Public Sub DhxlBeforeSave()
    If Not AutoSaved() Then Renew
End Sub

' Where Excel saves by itself every few seconds, the snapshot is taken on closing: it empties the list of Undo.
Public Sub DhxlBeforeClose()
    If AutoSaved() Then Renew
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

Private Sub Renew()
    Dim obstacle As String
    On Error Resume Next
    obstacle = DhxlSnapshot()
    If Len(obstacle) > 0 Then Tell "dhxl: the saved results stay as they were: " & obstacle
End Sub

Private Function AutoSaved() As Boolean
    Dim book As Object
    On Error Resume Next
    Set book = ThisWorkbook
    AutoSaved = book.AutoSaveOn
End Function

' Without Python the cells fall back to the saved results at once, by native formulas only. The formula is entered anew,
' since Range.Dirty means the same cell of the sheet in front.
Private Sub FallBack()
    Dim live As Range
    Set live = DhxlNamed("engine_live")
    If live.Value2 = True And Application.Calculation = xlCalculationAutomatic Then live.Formula = live.Formula
End Sub
