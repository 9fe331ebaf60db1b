# Finds a JDK of 25 or newer; sourced by clusterlab and by the scripts below bench.
#
#   CLUSTERLAB_JAVA_HOME  the JDK to take, before JAVA_HOME and those that are found
#   CLUSTERLAB_JDKS       folders that hold JDKs, separated by colons, instead of the usual ones

# Prints the version of the JDK in a folder, and fails if there is none.
version_of() { # HOME
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release"
}

# Takes a JDK that will do into $jdk, its version into $jdk_version; what was found but is too old goes into $older.
jdk=
jdk_version=
older=
consider() { # HOME
  [ -n "$1" ] || return 1
  jdk_version=$(version_of "$1") && [ -n "$jdk_version" ] || return 1
  major=${jdk_version%%[!0-9]*}
  if [ "${major:-0}" -ge 25 ]; then
    jdk=$1
    return 0
  fi
  case $older in *" $major "*) ;; *) older="$older $major " ;; esac
  return 1
}

search_jdk() {
  consider "${CLUSTERLAB_JAVA_HOME:-}" && return 0
  if [ -n "${CLUSTERLAB_JAVA_HOME:-}" ]; then
    missing="CLUSTERLAB_JAVA_HOME is $CLUSTERLAB_JAVA_HOME, which is no JDK of 25 or newer. Mend it, or unset it."
    return 1
  fi
  consider "${JAVA_HOME:-}" && return 0
  if command -v javac >/dev/null 2>&1; then
    tool=$(readlink -f "$(command -v javac)" 2>/dev/null) && consider "${tool%/bin/javac}" && return 0
  fi
  folders=${CLUSTERLAB_JDKS:-/usr/lib/jvm:/usr/java:/opt:/opt/homebrew/opt:${HOME:-/}/.sdkman/candidates/java:${HOME:-/}/.jdks}
  before=$IFS
  IFS=:
  for folder in $folders; do
    IFS=$before
    for home in "$folder"/*; do
      consider "$home" && return 0
      consider "$home/libexec/openjdk.jdk/Contents/Home" && return 0
    done
  done
  IFS=$before
  if [ -z "${CLUSTERLAB_JDKS:-}" ]; then
    for home in /Library/Java/JavaVirtualMachines/*/Contents/Home; do
      consider "$home" && return 0
    done
  fi
  missing="no JDK 25 or newer found${older:+ (only:$(echo "$older" | tr -s ' ' | sed 's/ $//'))}. Install one, such as Temurin 25, or set JAVA_HOME to it."
  return 1
}

# Sets $jdk, or says on one line what is missing and ends the script.
need_jdk() { # NAME-OF-THE-SCRIPT
  search_jdk && return 0
  echo "$1: $missing" >&2
  exit 4
}
