@echo off
rem The hmtt command of an installed console.
"%~dp0node\bin\node.exe" "%~dp0cli\dist\engine\cli.js" %*
