# Starts a machine's Docker daemon; runs as the container's first program, at each start. Arguments go to dockerd.
# A daemon that was killed leaves its process numbers behind, and the next one would believe that it still runs.
find /run/ /var/run/ -maxdepth 3 -name '*.pid' \( -name 'docker*' -o -name 'container*' \) -delete 2>/dev/null
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  # Where the folder came read-only (a container that is not privileged), the daemon must be able to write to it.
  [ -w /sys/fs/cgroup ] && touch /sys/fs/cgroup/cgroup.procs 2>/dev/null || mount -o remount,rw /sys/fs/cgroup 2>/dev/null
  if ! command -v dind >/dev/null; then
    # Control groups of version 2 have processes at their leaves only: ours move aside, then controllers are passed on.
    mkdir -p /sys/fs/cgroup/init
    xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null
    sed -e 's/ / +/g' -e 's/^/+/' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
  fi
else
  # Version 1 shows the host's whole tree: containers go below this machine's own group, so that pausing it pauses them.
  parent=$(sed -n 's/^[0-9]*:freezer://p' /proc/self/cgroup)
  [ -z "$parent" ] || set -- "$@" --cgroup-parent "$parent/machine"
fi
# What the lab left to be done before the daemon speaks: cuts of the network that still hold.
if [ -e /etc/clusterlab/at-start ]; then
  sh /etc/clusterlab/at-start
  rm /etc/clusterlab/at-start
fi
if command -v dind >/dev/null; then
  exec dind dockerd "$@"
fi
exec dockerd "$@"
