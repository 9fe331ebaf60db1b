@echo off
rem Starts Cluster Lab: finds a JDK of 25 or newer, builds what changed since the last build, and starts.
setlocal EnableDelayedExpansion
set "here=%~dp0"
set "app=%here%lab-ui\target\app"
set "cache=%app%\start.aot"
set "jdk="
for %%H in ("%CLUSTERLAB_JAVA_HOME%" "%JAVA_HOME%") do call :consider %%H
for /d %%H in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\scoop\apps\*jdk*\current") do call :consider "%%~H"
if not defined jdk (
  echo clusterlab: no JDK 25 or newer found. Install one, such as Temurin 25, or set JAVA_HOME to it. 1>&2
  exit /b 4
)
rem Builds only if something changed, and drops a cache that was made for another folder or JDK; the same program as on Linux and macOS.
"%jdk%\bin\java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "%here%launcher\Build.java" "%here%." "%here% | %jdk% | %version%" < nul
if errorlevel 1 exit /b 4
set "labs="
rem Pages of labs are read as they are, for they are changed more often than the program.
if exist "%here%labs\" set labs=-Dclusterlab.labs="%here%labs"
set options=%labs% --module-path "%app%\javafx" --add-modules javafx.controls --enable-native-access=ALL-UNNAMED,javafx.graphics -XX:+UseSerialGC -Djava.util.logging.config.file="%here%.mvn\test-logging.properties" -cp "%app%\lib\*"
rem Notes once which classes a start needs; later starts take half the time. Without it all works.
if not exist "%cache%" (
  echo clusterlab: preparing fast starts... 1>&2
  setlocal
  set "DOCKER_HOST=none"
  set "CLUSTERLAB_DOCKER_HOST="
  "%jdk%\bin\java" %options% "-XX:AOTCacheOutput=%cache%" -Xlog:disable dev.clusterlab.ui.Main doctor > nul 2>&1
  endlocal
)
set "fast="
if exist "%cache%" set fast="-XX:AOTCache=%cache%"
"%jdk%\bin\java" %options% %fast% -Xlog:disable -Xlog:all=error:stderr dev.clusterlab.ui.Main %*
exit /b %ERRORLEVEL%

:consider
if defined jdk exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==" %%V in ('findstr /b JAVA_VERSION= "%~1\release"') do (
  for /f "tokens=1 delims=." %%N in ("%%~V") do if %%~N geq 25 (
    set "jdk=%~1"
    set "version=%%~V"
  )
)
exit /b
