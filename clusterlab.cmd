@echo off
rem Starts Cluster Lab: finds a JDK of 25 or newer, builds on the first run, then starts without Maven.
setlocal EnableDelayedExpansion
set "here=%~dp0"
set "app=%here%lab-ui\target\app"
set "jdk="
for %%H in ("%CLUSTERLAB_JAVA_HOME%" "%JAVA_HOME%") do call :consider %%H
for /d %%H in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%USERPROFILE%\.jdks\*") do call :consider "%%~H"
if not defined jdk (
  echo clusterlab: no JDK 25 or newer found. Install one ^(for example Temurin 25^) or set JAVA_HOME to it. 1>&2
  exit /b 4
)
if not exist "%app%\.built" (
  echo clusterlab: building ^(first run^); this takes a minute or two... 1>&2
  pushd "%here%"
  set "JAVA_HOME=%jdk%"
  call mvnw.cmd -q -B -ntp -DskipTests package || (popd & echo clusterlab: the build failed, see above. 1>&2 & exit /b 4)
  popd
  type nul > "%app%\.built"
)
"%jdk%\bin\java" --module-path "%app%\javafx" --add-modules javafx.controls --enable-native-access=ALL-UNNAMED,javafx.graphics -XX:+UseSerialGC -Djava.util.logging.config.file="%here%.mvn\test-logging.properties" -cp "%app%\lib\*" dev.clusterlab.ui.Main %*
exit /b %ERRORLEVEL%

:consider
if defined jdk exit /b
if not exist "%~1\release" exit /b
for /f "tokens=2 delims==" %%V in ('findstr /b JAVA_VERSION "%~1\release"') do (
  for /f "tokens=1 delims=." %%N in ("%%~V") do if %%~N geq 25 set "jdk=%~1"
)
exit /b
