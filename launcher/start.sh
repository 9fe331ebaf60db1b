# Starts the program with what its kind of work needs; sourced by clusterlab and by the program of the package. Whoever sources it
# has $app; java_do, which calls java with the program's own options; prepare_classes, which says in $classes and $kept whether
# there is a cache of classes; and in $silent what Java is not to say, if anything.
#
#   CLUSTERLAB_DISPLAY    none: draw the window into memory only, for measurements (see bench/desktop)
#   CLUSTERLAB_LOGGING    a configuration of java.util.logging, instead of the quiet one

fail() {
  echo "clusterlab: $*" >&2
  exit 4
}

# Words that open the window: none, or options only.
opens_window() {
  for word in "$@"; do
    case $word in
      -h | --help | -V | --version) return 1 ;;
    esac
  done
  case ${1:-} in
    '' | -*) return 0 ;;
    *) return 1 ;;
  esac
}

# A command that makes or takes up real machines.
uses_docker() {
  case ${1:-} in
    shell | run | verify | guide) ;;
    *) return 1 ;;
  esac
  for word in "$@"; do
    case $word in
      docker | docker:* | --engine=docker | --engine=docker:*) return 0 ;;
    esac
  done
  return 1
}

# Commands that end within seconds, a lab or an experiment without a person among them: what the optimising compiler would give
# these it would still be at work for when they end.
ends_soon() {
  case ${1:-} in
    run | verify | labs | doctor | report | help | -h | --help | -V | --version) return 0 ;;
    experiment) ;;
    *) return 1 ;;
  esac
  for word in "$@"; do
    case $word in
      --seeds | --seeds=* | --repetitions | --repetitions=* | compare) return 1 ;;
    esac
  done
}

# Says in one line why no window can open, rather than in a stack trace.
need_display() {
  [ "${CLUSTERLAB_DISPLAY:-}" != none ] && [ "$(uname -s)" = Linux ] || return 0
  if [ -z "${DISPLAY:-}" ]; then
    if [ -n "${WAYLAND_DISPLAY:-}" ]; then
      fail "the window needs XWayland (DISPLAY is not set). Install xwayland and log in again, or: clusterlab guide"
    fi
    fail "no display (DISPLAY is not set). Use a desktop session, or do without: clusterlab guide, clusterlab run resilient-swarm"
  fi
  PATH="$PATH:/sbin:/usr/sbin"
  if command -v ldconfig >/dev/null 2>&1 && ! ldconfig -p 2>/dev/null | grep -q 'libgtk-3\.so'; then
    fail "the GTK 3 libraries are missing. Install them (Debian: apt install libgtk-3-0; Fedora: dnf install gtk3), then try again."
  fi
}

# A window that is drawn into memory only.
unseen="-Dglass.platform=Headless -Dprism.order=sw -Dprism.text=t2k"

# Becomes the program.
start_program() { # WORDS
  if opens_window "$@"; then
    need_display
    # A window lives for a lesson: what the second compiler would gain in that time it costs, and a hundred megabytes more.
    set -- -XX:TieredStopAtLevel=1 -Xms48m -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=30 -XX:TrimNativeHeapInterval=10000 \
      dev.clusterlab.ui.Main "$@"
    if [ "${CLUSTERLAB_DISPLAY:-}" = none ]; then
      # shellcheck disable=SC2086 # Several words.
      set -- $unseen "$@"
    fi
    prepare_classes "$app/start.aot"
  else
    # A lab whose machines are real waits for them most of its time, and they need the processors.
    compiler=
    needed=$app/start.aot
    if uses_docker "$@"; then
      needed=$app/docker.aot
      compiler=-XX:TieredStopAtLevel=1
    elif ends_soon "$@"; then
      compiler=-XX:TieredStopAtLevel=1
    fi
    # A large swarm fits no cache, and with small pages not even the tables that say where they are: only Linux knows the option.
    pages=
    if [ "$(uname)" = Linux ]; then
      pages=-XX:+UseTransparentHugePages
    fi
    set -- ${compiler:+"$compiler"} ${pages:+"$pages"} dev.clusterlab.ui.Main "$@"
    prepare_classes "$needed"
  fi
  case $classes in
    use) set -- "-XX:AOTCache=$kept" "$@" ;;
    note) set -- -XX:AOTMode=record "-XX:AOTConfiguration=$kept.notes" -XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput "$@" ;;
  esac
  java_do exec -Xlog:disable -Xlog:all=error:stderr ${silent:+"$silent"} "$@"
}
