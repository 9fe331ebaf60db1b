# Sourced by the scripts of this folder: goes to the project's folder and finds the JDK as the launcher does.
bench_script=bench/$(basename "$0")
cd "$(dirname "$0")/.."
. launcher/jdk.sh
need_jdk "$bench_script"
export JAVA_HOME="$jdk"

# A run without a figure is no measurement: it is said, and the script fails.
no_figure() { # REASON
  echo "$bench_script: no figure: $*" >&2
  exit 1
}

# The measuring programs, as the launcher builds the program: without tests and without the compiler's checks.
build_bench() {
  ./mvnw -q -B -ntp -Prun -pl bench -am package || no_figure "the build failed"
}

# As the program runs in a terminal.
bench_java() {
  pages=
  [ "$(uname)" != Linux ] || pages=-XX:+UseTransparentHugePages
  "$jdk/bin/java" -XX:+UseSerialGC ${pages:+"$pages"} -Djava.util.logging.config.file=.mvn/test-logging.properties -cp "bench/target/*:bench/target/lib/*" "$@"
}

# Does something in the window of a program that runs, and prints what came of it.
drive() { # PROCESS TASK FILE
  "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "bench/target/*:lab-ui/target/app/javafx/*" \
    dev.clusterlab.bench.WindowDriver "$1" "$(echo bench/target/bench-*.jar)" "$2" "$3"
}

# Has the program built, and waits until nothing is prepared beside it any more.
build_program() {
  ./clusterlab --version >/dev/null || no_figure "the program does not start"
  waited=0
  until [ -e lab-ui/target/app/start.aot ]; do
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || no_figure "no fast start was prepared within five minutes"
    sleep 1
  done
}
