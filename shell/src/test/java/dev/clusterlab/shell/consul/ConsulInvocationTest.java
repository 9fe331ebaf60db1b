package dev.clusterlab.shell.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.shell.curl.CurlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Arguments, requests and texts as those of {@code command/} in hashicorp/consul, version 1.15.4. */
final class ConsulInvocationTest {
    private static final class Terminal implements ConsulInvocation.Place {
        private boolean segments = true;

        @Override
        public String stdin() {
            return "from stdin";
        }

        @Override
        public @Nullable String file(String name) {
            return name.equals("here.txt") ? "from a file" : null;
        }

        @Override
        public String hint(String given, List<String> known) {
            return known.contains("kv get") && given.equals("kv ge") ? "Did you mean 'kv get'?" : "";
        }

        @Override
        public boolean segments() {
            return segments;
        }
    }

    private final List<String> requests = new ArrayList<>();

    private ConsulOutput run(String line, ConsulAnswer... answers) {
        return run(new Terminal(), line, answers);
    }

    private ConsulOutput run(Terminal terminal, String line, ConsulAnswer... answers) {
        requests.clear();
        var invocation = new ConsulInvocation(line.isEmpty() ? List.of() : List.of(line.split(" ")), terminal);
        ConsulInvocation.Step step = invocation.begin();
        int at = 0;
        while (true) {
            switch (step) {
                case ConsulInvocation.Step.End(ConsulOutput output) -> {
                    assertThat(at).as("answers that were wanted").isEqualTo(answers.length);
                    return output;
                }
                case ConsulInvocation.Step.Ask(ConsulQuestion question, ConsulRequest request) -> {
                    requests.add(request.method() + " " + request.target());
                    step = invocation.next(answers[at++]);
                }
            }
        }
    }

    private static ConsulAnswer ok(Object tree) {
        return new ConsulAnswer.Reply(200, tree.toString(), tree);
    }

    private static ConsulAnswer refused(int status, String text) {
        return new ConsulAnswer.Reply(status, text, null);
    }

    private static final ConsulAnswer NO_LEADER = refused(500, "No cluster leader\n");

    private ConsulRequest asked(String line) {
        return new ConsulInvocation(List.of(line.split(" ")), new Terminal()).begin()
                        instanceof ConsulInvocation.Step.Ask(ConsulQuestion question, ConsulRequest request)
                ? request
                : throwing(line);
    }

    private static ConsulRequest throwing(String line) {
        throw new AssertionError(line + " asks nothing");
    }

    private static Map<String, Object> member(String name, int status, Map<String, String> tags) {
        return Map.of("Name", name, "Addr", "10.0.0.1", "Port", 8301, "Status", status, "Tags", tags);
    }

    private static final ConsulAnswer MEMBERS = ok(List.of(
            member("a-client", 4, Map.of("role", "node", "build", "1.15.4:abc", "vsn", "2", "dc", "dc1")),
            member("server2", 1, Map.of("role", "consul", "build", "1.15.4:abc", "vsn", "2", "dc", "dc1")),
            member("server1", 3, Map.of("role", "consul", "build", "", "vsn", "2", "dc", "dc1")),
            member("other", 0, Map.of())));

    @Test
    void membersHaveServersFirstThenNames() {
        assertThat(run("members", MEMBERS).out().replaceAll(" +\n", "\n")).isEqualTo("""
                Node      Address        Status  Type     Build   Protocol  DC   Partition  Segment
                server1   10.0.0.1:8301  left    server   < 0.3   2         dc1  default    <all>
                server2   10.0.0.1:8301  alive   server   1.15.4  2         dc1  default    <all>
                a-client  10.0.0.1:8301  failed  client   1.15.4  2         dc1  default    <default>
                other     10.0.0.1:8301  none    unknown
                """);
        assertThat(requests).containsExactly("GET /v1/agent/members");
    }

    @Test
    void membersCanBeChosenByAPatternOfTheirStatus() {
        assertThat(run("members -status=^al|left -detailed", MEMBERS).out()).isEqualTo("""
                        Node     Address        Status  Tags
                        server1  10.0.0.1:8301  left    ap=default,build=,dc=dc1,role=consul,segment=<all>,vsn=2
                        server2  10.0.0.1:8301  alive   ap=default,build=1.15.4:abc,dc=dc1,role=consul,segment=<all>,vsn=2
                        """);
        assertThat(run("members -status leaving", MEMBERS)).isEqualTo(new ConsulOutput(2, "", ""));
        assertThat(run("members -status=[").err()).startsWith("Failed to compile status regexp: ");
    }

    @Test
    void theOldProgramKnowsNoPartitions() {
        var old = new Terminal();
        old.segments = false;
        assertThat(run(old, "members -status=alive", MEMBERS).out()).isEqualTo("""
                        Node     Address        Status  Type    Build   Protocol  DC
                        server2  10.0.0.1:8301  alive   server  1.15.4  2         dc1
                        """);
    }

    @Test
    void theCatalogIsListed() {
        ConsulAnswer nodes = ok(List.of(Map.of(
                "Node",
                "n1",
                "ID",
                "11112222-3333",
                "Address",
                "10.0.0.1",
                "Datacenter",
                "dc1",
                "Meta",
                Map.of("b", "2", "a", "1"),
                "TaggedAddresses",
                Map.of("lan", "10.0.0.1"))));
        assertThat(run("catalog nodes", nodes).out()).isEqualTo("""
                Node  ID        Address   DC
                n1    11112222  10.0.0.1  dc1
                """);
        assertThat(run("catalog nodes -detailed", nodes).out()).isEqualTo("""
                Node  ID             Address   DC   TaggedAddresses  Meta
                n1    11112222-3333  10.0.0.1  dc1  lan=10.0.0.1     a=1, b=2
                """);
        assertThat(run("catalog nodes -service=web", ok(List.of())))
                .isEqualTo(new ConsulOutput(0, "", "No nodes match the given query - try expanding your search.\n"));
        assertThat(requests).containsExactly("GET /v1/catalog/service/web");
        ConsulAnswer services = ok(Map.of("web", List.of("z", "a"), "consul", List.of()));
        assertThat(run("catalog services", services).out()).isEqualTo("consul\nweb\n");
        assertThat(run("catalog services -tags", services).out()).isEqualTo("consul      \nweb         a,z\n");
        assertThat(run(
                                "catalog services -node=n1",
                                ok(Map.of(
                                        "Services",
                                        Map.of("web-1", Map.of("Service", "web"), "web-2", Map.of("Service", "web")))))
                        .out())
                .isEqualTo("web\n");
        assertThat(requests).containsExactly("GET /v1/catalog/node/n1");
        assertThat(run("catalog datacenters", ok(List.of("dc1", "dc2"))).out()).isEqualTo("dc1\ndc2\n");
        assertThat(run("catalog services", NO_LEADER).err())
                .isEqualTo("Error listing services: Unexpected response code: 500 (No cluster leader)\n");
    }

    private static Map<String, Object> entry(String key, String base64) {
        return Map.of("CreateIndex", 7, "ModifyIndex", 9, "LockIndex", 0, "Flags", 42, "Key", key, "Value", base64);
    }

    @Test
    void keysAreRead() {
        assertThat(run("kv get /a/b", ok(List.of(entry("a/b", "aGVsbG8=")))).out())
                .isEqualTo("hello\n");
        assertThat(requests).containsExactly("GET /v1/kv/a/b");
        assertThat(run("kv get nope", refused(404, "")))
                .isEqualTo(ConsulOutput.failed("Error! No key exists at: nope"));
        assertThat(run("kv get -detailed a/b", ok(List.of(entry("a/b", "aGVsbG8="))))
                        .out())
                .isEqualTo("""
                CreateIndex      7
                Flags            42
                Key              a/b
                LockIndex        0
                ModifyIndex      9
                Session          -
                Value            hello
                """);
        ConsulAnswer two = ok(List.of(entry("a", "MQ=="), entry("b", "Mg==")));
        assertThat(run("kv get -recurse", two).out()).isEqualTo("a:1\nb:2\n");
        assertThat(requests).containsExactly("GET /v1/kv/?recurse");
        assertThat(run("kv get -recurse -base64 x", two).out()).isEqualTo("a:MQ==\nb:Mg==\n");
        assertThat(run("kv get -recurse nothing", refused(404, ""))).isEqualTo(ConsulOutput.ok(""));
        assertThat(run("kv get -keys -separator=: a b").err()).isEqualTo("Too many arguments (expected 1, got 2)\n");
        assertThat(run("kv get -keys a", ok(List.of("a/", "ab"))).out()).isEqualTo("a/\nab\n");
        assertThat(requests).containsExactly("GET /v1/kv/a?keys&separator=/");
        assertThat(run("kv get")).isEqualTo(ConsulOutput.failed("Error! Missing KEY argument"));
    }

    @Test
    void keysAreWritten() {
        assertThat(run("kv put a/b hello", ok(true)).out()).isEqualTo("Success! Data written to: a/b\n");
        assertThat(requests).containsExactly("PUT /v1/kv/a/b");
        assertThat(asked("kv put a hello").body()).isEqualTo("aGVsbG8=");
        assertThat(asked("kv put a -").body()).isEqualTo("ZnJvbSBzdGRpbg==");
        assertThat(asked("kv put a @here.txt").body()).isEqualTo("ZnJvbSBhIGZpbGU=");
        assertThat(asked("kv put -base64 a /w==").body()).isEqualTo("/w==");
        assertThat(asked("kv put a -5").body()).as("no option behind the key").isEqualTo("LTU=");
        assertThat(run("kv put a @gone").err())
                .isEqualTo("Error! Failed to read file: open gone: no such file or directory\n");
        assertThat(asked("kv put -cas -modify-index=12 -flags 3 a x").target()).isEqualTo("/v1/kv/a?flags=3&cas=12");
        assertThat(run("kv put -cas -modify-index=12 a x", ok(false)).err())
                .isEqualTo("Error! Did not write to a: CAS failed\n");
        assertThat(run("kv put -cas a x").err()).isEqualTo("Must specify -modify-index with -cas!\n");
        assertThat(run("kv put -acquire -session=s1 a", ok(true)).out()).isEqualTo("Success! Lock acquired on: a\n");
        assertThat(requests).containsExactly("PUT /v1/kv/a?acquire=s1");
        assertThat(run("kv put -release -session=s1 a", ok(false)).err()).isEqualTo("Error! Did not release lock\n");
        assertThat(run("kv put -release a").err())
                .isEqualTo("Error! Missing -session (required with -acquire and -release)\n");
        assertThat(run("kv put a b c").err()).isEqualTo("Error! Too many arguments (expected 1 or 2, got 3)\n");
        assertThat(run("kv put /a b").err()).contains("Key must not begin with a '/': /a");
        assertThat(run("kv put a b", NO_LEADER).err())
                .isEqualTo("Error! Failed writing data: Unexpected response code: 500 (No cluster leader)\n");
    }

    @Test
    void keysAreDeleted() {
        assertThat(run("kv delete a", ok(true)).out()).isEqualTo("Success! Deleted key: a\n");
        assertThat(requests).containsExactly("DELETE /v1/kv/a");
        assertThat(run("kv delete -recurse /a", ok(true)).out()).isEqualTo("Success! Deleted keys with prefix: a\n");
        assertThat(requests).containsExactly("DELETE /v1/kv/a?recurse");
        assertThat(run("kv delete -cas -modify-index=4 a", ok(false)).err())
                .isEqualTo("Error! Did not delete key a: CAS failed\n");
        assertThat(run("kv delete -modify-index=4 a").err()).isEqualTo("Cannot specify -modify-index without -cas!\n");
    }

    @Test
    void raftPeersSayHowFarTheyAreBehind() {
        var servers = List.of(
                Map.of(
                        "Node",
                        "s1",
                        "ID",
                        "1",
                        "Address",
                        "10.0.0.1:8300",
                        "Leader",
                        true,
                        "Voter",
                        true,
                        "ProtocolVersion",
                        "3",
                        "LastIndex",
                        20),
                Map.of(
                        "Node",
                        "s2",
                        "ID",
                        "2",
                        "Address",
                        "10.0.0.2:8300",
                        "Leader",
                        false,
                        "Voter",
                        true,
                        "ProtocolVersion",
                        "3",
                        "LastIndex",
                        19),
                Map.of(
                        "Node",
                        "s3",
                        "ID",
                        "3",
                        "Address",
                        "10.0.0.3:8300",
                        "Leader",
                        false,
                        "Voter",
                        false,
                        "ProtocolVersion",
                        "3",
                        "LastIndex",
                        20));
        assertThat(run("operator raft list-peers", ok(Map.of("Servers", servers)))
                        .out())
                .isEqualTo("""
                Node  ID  Address        State     Voter  RaftProtocol  Commit Index  Trails Leader By
                s1    1   10.0.0.1:8300  leader    true   3             20            -
                s2    2   10.0.0.2:8300  follower  true   3             19            1 commit
                s3    3   10.0.0.3:8300  follower  false  3             20            0 commits
                """);
        var before =
                List.of(Map.of("Node", "s1", "ID", "1", "Address", "10.0.0.1:8300", "Leader", true, "Voter", true));
        assertThat(run("operator raft list-peers -stale", ok(Map.of("Servers", before)))
                        .out())
                .isEqualTo("""
                Node  ID  Address        State   Voter  RaftProtocol
                s1    1   10.0.0.1:8300  leader  true   <=1
                """);
        assertThat(requests).containsExactly("GET /v1/operator/raft/configuration?stale");
        assertThat(run("operator raft list-peers", NO_LEADER).err())
                .isEqualTo("Error getting peers: Failed to retrieve raft configuration: Unexpected response code: 500"
                        + " (No cluster leader)\n");
    }

    @Test
    void autopilotShowsSettingsAndHealth() {
        assertThat(run(
                                "operator autopilot get-config",
                                ok(Map.of(
                                        "CleanupDeadServers",
                                        true,
                                        "LastContactThreshold",
                                        "200ms",
                                        "MaxTrailingLogs",
                                        250,
                                        "ServerStabilizationTime",
                                        "10s")))
                        .out())
                .isEqualTo("""
                CleanupDeadServers = true
                LastContactThreshold = 200ms
                MaxTrailingLogs = 250
                MinQuorum = 0
                ServerStabilizationTime = 10s
                RedundancyZoneTag = ""
                DisableUpgradeMigration = false
                UpgradeVersionTag = ""
                """);
        assertThat(run(
                                "operator autopilot state",
                                ok(Map.of(
                                        "Healthy",
                                        true,
                                        "FailureTolerance",
                                        1,
                                        "OptimisticFailureTolerance",
                                        1,
                                        "Leader",
                                        "id1",
                                        "Voters",
                                        List.of("id1"),
                                        "Servers",
                                        Map.of(
                                                "id1",
                                                Map.of(
                                                        "ID",
                                                        "id1",
                                                        "Name",
                                                        "s1",
                                                        "Address",
                                                        "10.0.0.1:8300",
                                                        "Version",
                                                        "1.15.4",
                                                        "Status",
                                                        "leader",
                                                        "NodeType",
                                                        "voter",
                                                        "NodeStatus",
                                                        "alive",
                                                        "Healthy",
                                                        true,
                                                        "LastContact",
                                                        "0s",
                                                        "LastTerm",
                                                        2)))))
                        .out())
                .isEqualTo("""
                Healthy:                      true
                Failure Tolerance:            1
                Optimistic Failure Tolerance: 1
                Leader:                       id1
                Voters:
                   id1
                Servers:
                   id1
                      Name:            s1
                      Address:         10.0.0.1:8300
                      Version:         1.15.4
                      Status:          leader
                      Node Type:       voter
                      Node Status:     alive
                      Healthy:         true
                      Last Contact:    0s
                      Last Term:       2
                      Last Index:      0

                """);
    }

    @Test
    void theAgentTellsAboutItself() {
        ConsulAnswer self = ok(Map.of(
                "Config", Map.of("Version", "1.15.4", "Revision", "7c04b6a0"),
                "Stats", Map.of("raft", Map.of("term", "2", "state", "Leader"), "agent", Map.of("checks", "0"))));
        assertThat(run("info", self).out()).isEqualTo("agent:\n\tchecks = 0\nraft:\n\tstate = Leader\n\tterm = 2\n");
        assertThat(run("--version", self).out()).startsWith("Consul v1.15.4\nRevision 7c04b6a0\nProtocol 2 spoken");
        assertThat(run("version", self).out()).isEqualTo(run("-v", self).out());
    }

    @Test
    void anAgentJoinsByAnyOfSeveralAddresses() {
        assertThat(run("join one two", refused(500, "1 error"), ok("")))
                .isEqualTo(new ConsulOutput(
                        0,
                        "Successfully joined cluster by contacting 1 nodes.\n",
                        "Error joining address 'one': Unexpected response code: 500 (1 error)\n"));
        assertThat(requests).containsExactly("PUT /v1/agent/join/one", "PUT /v1/agent/join/two");
        assertThat(run("join one", NO_LEADER).err()).endsWith("Failed to join any nodes.\n");
        assertThat(run("join").err()).startsWith("At least one address to join must be specified.\n");
    }

    @Test
    void anAgentLeavesAndIsDeclaredToHaveLeft() {
        assertThat(run("leave", ok("")).out()).isEqualTo("Graceful leave complete\n");
        assertThat(run("leave now").err()).startsWith("Error found unexpected args: [now]\n");
        assertThat(run("force-leave -prune node1", ok(""))).isEqualTo(ConsulOutput.ok(""));
        assertThat(requests).containsExactly("PUT /v1/agent/force-leave/node1?prune");
        assertThat(run("force-leave").err()).startsWith("A single node name must be specified to force leave.\n");
        assertThat(run("force-leave x", refused(500, "agent: No node found with name 'x'"))
                        .err())
                .isEqualTo("Error force leaving: Unexpected response code: 500 (agent: No node found with name 'x')\n");
    }

    @Test
    void whoDoesNotAnswerIsNamedAsGoNamesIt() {
        ConsulAnswer refused = new ConsulAnswer.NoAnswer(CurlFailure.REFUSED, "127.0.0.1:8500");
        assertThat(run("members", refused))
                .isEqualTo(ConsulOutput.failed("Error retrieving members: Get"
                        + " \"http://127.0.0.1:8500/v1/agent/members\": dial tcp 127.0.0.1:8500: connect: connection"
                        + " refused"));
        ConsulAnswer unknown = new ConsulAnswer.NoAnswer(CurlFailure.UNKNOWN_HOST, "nowhere:8500");
        assertThat(run("kv put a b", unknown).err())
                .contains("Put \"http://nowhere:8500/v1/kv/a\": dial tcp: lookup" + " nowhere: no such host");
    }

    @Test
    void optionsAreReadAsGoReadsThem() {
        assertThat(new ConsulInvocation(List.of("members", "--http-addr", "h:1"), new Terminal()).address())
                .isEqualTo("h:1");
        assertThat(new ConsulInvocation(List.of("members", "-http-addr=h:1"), new Terminal()).address())
                .isEqualTo("h:1");
        assertThat(asked("catalog nodes -stale -datacenter=dc2").target()).isEqualTo("/v1/catalog/nodes?dc=dc2&stale");
        assertThat(asked("catalog nodes -stale=false").target()).isEqualTo("/v1/catalog/nodes");
        assertThat(run("members -frobnicate").err())
                .startsWith("flag provided but not defined: -frobnicate\nUsage: consul members [options]\n");
        assertThat(run("kv get -separator").err()).startsWith("flag needs an argument: -separator\n");
        assertThat(run("kv get -recurse=perhaps").err())
                .startsWith("invalid boolean value \"perhaps\" for -recurse: parse error\n");
        assertThat(run("kv put -flags=-1 a").err()).startsWith("invalid value \"-1\" for flag -flags: parse error\n");
        assertThat(run("-http-addr=h:1 members")).satisfies(output -> {
            assertThat(output.status()).isEqualTo(1);
            assertThat(output.err()).startsWith("Invalid flags before the subcommand.");
        });
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(run("").status()).isEqualTo(127);
        assertThat(run("").err()).startsWith("Usage: consul [--version] [--help] <command> [<args>]\n");
        assertThat(run("--help")).satisfies(output -> {
            assertThat(output.status()).isZero();
            ConsulInvocation.names().forEach(name -> assertThat(output.out()).contains("    " + name + " "));
        });
        assertThat(run("kv get -h").out()).startsWith("Usage: consul kv get [options] [KEY_OR_PREFIX]\n");
        assertThat(run("frobnicate")).satisfies(output -> {
            assertThat(output.status()).isEqualTo(127);
            assertThat(output.err()).endsWith("\nconsul: no command 'frobnicate' here.\n");
        });
        assertThat(run("kv ge")).satisfies(output -> {
            assertThat(output.status()).isEqualTo(1);
            assertThat(output.err())
                    .contains("    kv put ")
                    .doesNotContain("members")
                    .endsWith("'kv get'?\n");
        });
    }

    @Test
    void wordsAreCompleted() {
        assertThat(ConsulInvocation.complete(List.of("kv"))).containsExactly("delete", "get", "put");
        assertThat(ConsulInvocation.complete(List.of())).contains("members", "operator");
        assertThat(ConsulInvocation.complete(List.of("force-leave"))).contains("-prune", "-http-addr=");
    }

    @Test
    void namesOfKeysAreEncoded() {
        assertThat(asked("kv get ä?b%").target()).isEqualTo("/v1/kv/%C3%A4%3Fb%25");
    }
}
