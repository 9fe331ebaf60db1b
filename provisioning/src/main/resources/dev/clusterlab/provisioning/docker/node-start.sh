# Starts a machine's Docker daemon; runs as the container's first program, at each start. Arguments go to dockerd.
# What keeps faults in it begins anew, too: what it left behind is about processes and containers that are gone.
rm -f /run/clusterlab-freezer /run/clusterlab-faults*
# A daemon that was killed leaves its process numbers behind, and the next one would believe that it still runs.
find /run/ /var/run/ -maxdepth 3 -name '*.pid' \( -name 'docker*' -o -name 'container*' \) -delete 2>/dev/null
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  # Where the folder came read-only (a container that is not privileged), the daemon must be able to write to it.
  [ -w /sys/fs/cgroup ] && touch /sys/fs/cgroup/cgroup.procs 2>/dev/null || mount -o remount,rw /sys/fs/cgroup 2>/dev/null
  # Only in a tree of its own: in the host's, all machines would share the group.
  if grep -qx '0::/' /proc/self/cgroup && mkdir -p /sys/fs/cgroup/machine/daemon 2>/dev/null; then
    set -- "$@" --cgroup-parent /machine
    group=/sys/fs/cgroup/machine/daemon
    freezer="/sys/fs/cgroup/machine/cgroup.freeze 1 0"
  fi
  if ! command -v dind >/dev/null; then
    # Control groups of version 2 have processes at their leaves only: ours move aside, then controllers are passed on.
    mkdir -p /sys/fs/cgroup/init
    xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null
    sed -e 's/ / +/g' -e 's/^/+/' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
  fi
else
  # Version 1 shows the host's whole tree: containers go below this machine's own group, so that pausing it pauses them.
  parent=$(sed -n 's/^[0-9]*:freezer://p' /proc/self/cgroup)
  if [ -n "$parent" ]; then
    set -- "$@" --cgroup-parent "$parent/machine"
    group=/sys/fs/cgroup/freezer$parent/machine
    freezer="$group/freezer.state FROZEN THAWED"
    mkdir -p "$group"
  fi
  # There the daemon and all that it starts can be given less processor time and memory, and what keeps faults in the machine is not.
  for controller in cpu memory; do
    own=$(sed -n "s/^[0-9]*:\([^:]*,\)*$controller\(,[^:]*\)*://p" /proc/self/cgroup)
    if [ -n "$own" ] && mkdir -p "/sys/fs/cgroup/$controller$own/machine" 2>/dev/null; then
      echo $$ >"/sys/fs/cgroup/$controller$own/machine/cgroup.procs" || true
      # Where the group outlived the machine's being off.
      for limit in cpu.cfs_quota_us memory.limit_in_bytes; do
        [ ! -e "/sys/fs/cgroup/$controller$own/machine/$limit" ] || echo -1 >"/sys/fs/cgroup/$controller$own/machine/$limit"
      done
    fi
  done
fi
# What the lab left to be done before the daemon speaks: cuts of the network that still hold.
if [ -e /etc/clusterlab/at-start ]; then
  sh /etc/clusterlab/at-start
  rm /etc/clusterlab/at-start
fi
# The daemon and all that it starts stand in a group of their own, so that they can be frozen, and what keeps faults in the machine goes on.
if [ -n "$group" ] && echo $$ >"$group/cgroup.procs"; then
  echo "$freezer" >/run/clusterlab-freezer
fi
if command -v dind >/dev/null; then
  exec dind dockerd "$@"
fi
exec dockerd "$@"
