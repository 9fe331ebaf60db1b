@echo off
rem Starts Cluster Lab: finds a JDK of 25 or newer, builds what changed since the last build, and starts.
rem
rem   CLUSTERLAB_JAVA_HOME  the JDK to take, before JAVA_HOME and those that are found
rem   CLUSTERLAB_JDKS       folders that hold JDKs, separated by semicolons, instead of the usual ones
rem   CLUSTERLAB_DISPLAY    none: draw the window into memory only, for measurements
rem   CLUSTERLAB_LOGGING    a configuration of java.util.logging, instead of the quiet one
rem
rem What clusterlab, for Linux and macOS, has more: caches of classes for labs without a person and for real machines, and preparing
rem in the background.
rem
rem Delayed expansion stays off: it would take exclamation marks out of paths and arguments.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "app=%here%lab-ui\target\app"
set "cache=%app%\start.aot"
set "jdk="
set "version="
set "older="
if defined CLUSTERLAB_JAVA_HOME (
  call :consider "%CLUSTERLAB_JAVA_HOME%"
  if not defined jdk goto :wrong_jdk
)
if not defined jdk if defined JAVA_HOME call :consider "%JAVA_HOME%"
for %%J in (javac.exe) do if not "%%~$PATH:J"=="" call :consider "%%~dp$PATH:J.."
if not defined CLUSTERLAB_JDKS goto :usual_folders
for %%F in ("%CLUSTERLAB_JDKS:;=" "%") do for /d %%H in ("%%~F\*") do call :consider "%%~H"
goto :searched
:usual_folders
for /d %%H in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :consider "%%~H"
for /d %%H in ("%USERPROFILE%\scoop\apps\*jdk*") do call :consider "%%~H\current"
:searched
if not defined jdk goto :no_jdk

rem Builds only if something changed, and drops a cache that was made for another folder or JDK; the same program as on Linux and macOS.
"%jdk%\bin\java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "%here%launcher\Build.java" "%here%." "%here% | %jdk% | %version%" < nul
if errorlevel 1 exit /b 4
if "%~1"=="package" goto :package

set "labs="
rem Pages of labs are read as they are, for they are changed more often than the program.
if exist "%here%labs\" set labs=-Dclusterlab.labs="%here%labs"
set "logging=%here%.mvn\test-logging.properties"
if defined CLUSTERLAB_LOGGING set "logging=%CLUSTERLAB_LOGGING%"
set options=%labs% --module-path "%app%\javafx" --add-modules javafx.controls --enable-native-access=ALL-UNNAMED,javafx.graphics -XX:+UseSerialGC -Djava.util.logging.config.file="%logging%" -cp "%app%\lib\*"

rem Notes once which classes the program needs; later starts take half the time. Without it all works. An empty cache says that none
rem can be made here.
if not exist "%cache%" call :prepare_start
set "fast="
for %%C in ("%cache%") do if exist "%%~C" if %%~zC gtr 0 set fast="-XX:AOTCache=%%~C"

rem A window lives for a lesson: what the second compiler would gain in that time it costs. Commands that end at once gain nothing
rem from it either, nor does a lab whose machines are real.
set "window=yes"
set "quick="
set "starts="
if "%~1"=="" goto :words_read
set "word=%~1"
if not "%word:~0,1%"=="-" set "window="
for %%W in (labs doctor report help -h --help -V --version) do if "%~1"=="%%W" set "quick=yes"
for %%W in (shell run verify guide) do if "%~1"=="%%W" set "starts=yes"
:next_word
for %%W in (-h --help -V --version) do if "%~1"=="%%W" set "window="
set "word=%~1"
if defined starts if "%word%"=="docker" set "quick=yes"
if defined starts if "%word:~0,7%"=="docker:" set "quick=yes"
if defined starts if "%word:~0,15%"=="--engine=docker" set "quick=yes"
shift
if not "%~1"=="" goto :next_word
:words_read
set "tuning="
if defined window set "tuning=-XX:TieredStopAtLevel=1 -Xms48m -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30"
if defined quick set "tuning=-XX:TieredStopAtLevel=1"
if defined window if "%CLUSTERLAB_DISPLAY%"=="none" set "tuning=%tuning% -Dglass.platform=Headless -Dprism.order=sw -Dprism.text=t2k"
rem All words as they were given: shift leaves them alone.
"%jdk%\bin\java" %options% %fast% -Xlog:disable -Xlog:all=error:stderr %tuning% dev.clusterlab.ui.Main %*
exit /b %ERRORLEVEL%

rem Makes of the program one that needs no JDK.
:package
"%jdk%\bin\java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "%here%launcher\Package.java" "%here%." %2
exit /b %ERRORLEVEL%

:wrong_jdk
echo clusterlab: CLUSTERLAB_JAVA_HOME is "%CLUSTERLAB_JAVA_HOME%", which is no JDK of 25 or newer. Mend it, or unset it. 1>&2
exit /b 4

:no_jdk
if defined older set "older= (only:%older%)"
echo clusterlab: no JDK 25 or newer found%older%. Install one, such as Temurin 25, or set JAVA_HOME to it. 1>&2
exit /b 4

rem Takes a JDK that will do into jdk, its version into version; what was found but is too old goes into older.
:consider
if defined jdk exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==" %%V in ('findstr /b /c:"JAVA_VERSION=" "%~1\release"') do for /f "tokens=1 delims=.-+_" %%N in ("%%~V") do (
  if %%N geq 25 (
    set "jdk=%~f1"
    set "version=%%~V"
  ) else (
    call :too_old %%N
  )
)
exit /b 0

:too_old
for %%O in (%older%) do if "%%O"=="%~1" exit /b 0
set "older=%older% %~1"
exit /b 0

rem Beside the program's own name, for another start may be making it too. Classes are noted in a window that nobody sees and that
rem does what people do first; commands need a part of them. No Docker of the user's is asked, and nothing of the user's settings.
:prepare_start
setlocal
set "made=%cache%.%RANDOM%"
rem A folder that cannot be written to stays as it is.
( type nul > "%made%" ) 2> nul || exit /b 0
del "%made%" > nul 2>&1
echo clusterlab: preparing fast starts; this takes half a minute, once... 1>&2
set "DOCKER_HOST=none"
set "CLUSTERLAB_DOCKER_HOST="
set "CLUSTERLAB_HOME=%made%.home"
"%jdk%\bin\java" %options% "-XX:AOTCacheOutput=%made%" -Xlog:disable -XX:TieredStopAtLevel=1 -Xms48m -Dglass.platform=Headless -Dprism.order=sw -Dprism.text=t2k -Dclusterlab.rehearsal=true dev.clusterlab.ui.Main > nul 2>&1
if not exist "%made%" type nul > "%made%" 2> nul
if exist "%made%" move /y "%made%" "%cache%" > nul 2>&1
if exist "%made%" del "%made%" > nul 2>&1
if exist "%made%.home" rmdir /s /q "%made%.home" > nul 2>&1
endlocal
exit /b 0
