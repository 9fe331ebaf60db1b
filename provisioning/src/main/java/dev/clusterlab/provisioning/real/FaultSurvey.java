package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Finds out which faults a real machine can have, by trying inside it what they need. */
public final class FaultSurvey {
    /** Each line that it prints begins with a word for what was found. */
    public static final String SCRIPT = ResourceScripts.FUNCTIONS + """
            [ -e /proc/net/ip_vs ] || modprobe ip_vs 2>/dev/null
            [ -e /proc/net/ip_vs ] && echo ipvs
            if command -v tc >/dev/null; then
              tc qdisc add dev lo root netem delay 1ms 2>/dev/null && tc qdisc del dev lo root && echo netem
              if tc qdisc add dev lo root handle 1: htb default 0 2>/dev/null; then
                tc class add dev lo parent 1: classid 1:1 htb rate 10gbit quantum 60000 2>/dev/null &&
                  tc filter add dev lo parent 1: protocol ip prio 1 u32 match ip dst 127.9.9.9/32 flowid 1:1 2>/dev/null &&
                  echo classes &&
                  tc qdisc add dev lo parent 1:1 handle 2: tbf rate 8kbit burst 1600 limit 4800 2>/dev/null && echo tbf
                tc qdisc del dev lo root
              fi
            else
              echo no-tc
            fi
            if command -v iptables >/dev/null; then
              iptables -w -N clusterlab-probe 2>/dev/null
              iptables -w -A clusterlab-probe -m statistic --mode random --probability 0.5 -j DROP 2>/dev/null && echo statistic
              iptables -w -F clusterlab-probe 2>/dev/null
              iptables -w -X clusterlab-probe 2>/dev/null
            else
              echo no-iptables
            fi
            if command -v nsenter >/dev/null; then echo nsenter; fi
            iptables -w -N clusterlab-probe 2>/dev/null
            iptables -w -A clusterlab-probe -p udp -m string --algo bm --icase --from 40 --to 45 --hex-string '|0377656200|' \\
              -j REJECT 2>/dev/null && echo string
            iptables -w -F clusterlab-probe 2>/dev/null
            iptables -w -X clusterlab-probe 2>/dev/null
            for limit in cpu.max cpu.cfs_quota_us; do [ -w $(group cpu)/$limit ] && echo cpu-group; done
            for limit in memory.max memory.limit_in_bytes; do [ -w $(group memory)/$limit ] && echo memory-group; done
            df -Pk /var/lib/docker | awk 'NR == 2 {print "disk", $4}'
            """;

    private static final List<FaultKind> CUTS = List.of(
            FaultKind.NETWORK_PARTITION, FaultKind.NETWORK_ONE_WAY, FaultKind.NETWORK_BRIDGE, FaultKind.NETWORK_RING);

    private FaultSurvey() {}

    /** @param seen what the script printed */
    public static Map<FaultKind, HostLack> unsupported(Collection<String> seen) {
        var unsupported = new EnumMap<>(RealFaults.NEVER);
        boolean iptables = !seen.contains("no-iptables");
        if (!iptables) {
            CUTS.forEach(kind -> unsupported.put(kind, HostLack.NO_IPTABLES));
        }
        if (!seen.contains("statistic")) {
            HostLack lack = iptables ? HostLack.NO_STATISTIC : HostLack.NO_IPTABLES;
            unsupported.put(FaultKind.NETWORK_LOSS, lack);
            unsupported.put(FaultKind.NETWORK_BURST, lack);
        }
        if (!seen.contains("nsenter")) {
            unsupported.put(FaultKind.DNS_NOT_FOUND, HostLack.NO_NSENTER);
        } else if (!seen.contains("string")) {
            unsupported.put(FaultKind.DNS_NOT_FOUND, iptables ? HostLack.NO_STRING_MATCH : HostLack.NO_IPTABLES);
        }
        if (!seen.contains("cpu-group")) {
            unsupported.put(FaultKind.MACHINE_CPU, HostLack.NO_CPU_GROUP);
        }
        if (!seen.contains("memory-group")) {
            unsupported.put(FaultKind.MACHINE_MEMORY, HostLack.NO_MEMORY_GROUP);
        }
        if (seen.contains("no-tc")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_TC);
            unsupported.put(FaultKind.NETWORK_BANDWIDTH, HostLack.NO_TC);
            return unsupported;
        }
        if (!seen.contains("netem")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_NETEM);
        } else if (!seen.contains("classes")) {
            unsupported.put(FaultKind.NETWORK_LATENCY, HostLack.NO_QUEUES);
        }
        if (!seen.contains("tbf")) {
            unsupported.put(FaultKind.NETWORK_BANDWIDTH, HostLack.NO_QUEUES);
        }
        return unsupported;
    }
}
