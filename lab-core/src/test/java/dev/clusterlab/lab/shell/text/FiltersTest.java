package dev.clusterlab.lab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each result was compared with the GNU program of that name. */
class FiltersTest {
    private final ShellTrial shell = new ShellTrial();

    @BeforeEach
    void writeFiles() {
        shell.run("""
                cat > nodes <<'END'
                ID    HOSTNAME   STATUS   AVAILABILITY
                a1 *  leader1    Ready    Active
                b2    worker1    Ready    Active
                c3    worker2    Down     Drain
                END
                cat > passwd <<'END'
                root:x:0:root
                bin:x:2:daemon
                adm:x:10:admin
                plain
                END
                cat > tasks.json <<'END'
                [{"Name":"web.1","Node":"leader1","Slot":1,"State":{"Up":true},"Ports":[80,443]},
                 {"Name":"web.2","Node":"worker1","Slot":2,"State":{"Up":false},"Ports":[]}]
                END
                """);
    }

    @AfterEach
    void close() {
        shell.close();
    }

    private void check(String script, String expected) {
        assertThat(shell.prints(script)).isEqualTo(expected.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "grep -c Ready nodes » 2",
                "grep -v Ready nodes | tail -1 | cut -c1-2 » c3",
                "grep -o 'worker[0-9]' nodes » worker1\\nworker2",
                "grep -n Down nodes | cut -d: -f1 » 4",
                "grep -E 'worker(1|3)|Drain' nodes | wc -l » 2",
                "grep 'worker\\(1\\|3\\)' nodes | wc -l » 1",
                "grep -F 'a1 *' nodes | wc -l » 1",
                "grep -i ready nodes | wc -l » 2",
                "grep -w bin passwd » bin:x:2:daemon",
                "grep -x plain passwd » plain",
                "grep -q nothing passwd || echo none » none",
                "grep -m1 x passwd » root:x:0:root",
                "grep -e root -e plain passwd | wc -l » 2",
                "egrep 'ro+t' passwd » root:x:0:root",
                "grep '^[[:alpha:]]*$' passwd » plain",
                "grep '\\<in\\>' passwd || echo none » none",
            })
    void grepFindsLines(String script, String expected) {
        check(script, expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "sed 's/:/-/' passwd | head -1 » root-x:0:root",
                "sed 's/:/-/g' passwd | head -1 » root-x-0-root",
                "sed -n '2p' passwd » bin:x:2:daemon",
                "sed -n '$p' passwd » plain",
                "sed '1,3d' passwd » plain",
                "sed '/root/d;/plain/d' passwd | wc -l » 2",
                "sed -n '/bin/,/adm/p' passwd | wc -l » 2",
                "sed '2q' passwd | wc -l » 2",
                "sed '/plain/!d' passwd » plain",
                "sed -E 's/^([a-z]+):x:([0-9]+).*/\\2 \\1/' passwd | head -2 » 0 root\\n2 bin",
                "sed 's/\\(ro\\)\\(ot\\)/\\2\\1/' passwd | head -1 » otro:x:0:root",
                "sed 's|x:0|/&/|' passwd | head -1 » root:/x:0/:root",
                "sed -e 's/a/A/' -e 's/b/B/' passwd | sed -n 2p » Bin:x:2:dAemon",
                "sed -n 's/^root/R/p' passwd » R:x:0:root",
                "sed 's/ROOT/r/I' passwd | head -1 » r:x:0:root",
                "sed 's/$/$1/' passwd | tail -1 » plain$1",
                "sed -i 's/plain/fancy/' passwd; tail -1 passwd » fancy",
            })
    void sedChangesLines(String script, String expected) {
        check(script, expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "awk '{print $1}' nodes | head -2 » ID\\na1",
                "awk 'NR>1 {print $NF}' nodes » Active\\nActive\\nDrain",
                "awk 'NR==2' passwd » bin:x:2:daemon",
                "awk '/Down/ {print $2, $3}' nodes » worker2 Down",
                "awk -F: '$3 > 1 {print $1 \"=\" $3}' passwd » bin=2\\nadm=10",
                "awk -F: '{s += $3} END {print s}' passwd » 12",
                "awk 'END {print NR}' passwd » 4",
                "awk 'BEGIN {print \"start\"} /root/ {n++} END {print n}' passwd » start\\n1",
                "awk -F: -v OFS=, 'NR==1 {print $1, $3}' passwd » root,0",
                "awk -v want=bin -F: '$1 == want {print $3}' passwd » 2",
                "awk '$3 == \"Ready\" || $2 ~ /^worker/ {print $2}' nodes » worker1\\nworker2",
                "awk '!/x/' passwd » plain",
                "awk '{print length($1)}' passwd | tail -1 » 5",
                "awk 'NR==1 {printf \"%-6s|%3d|\\n\", substr($1, 1, 4), 7 * 2 - 1}' passwd » root  | 13|",
                "awk 'NR==4 {print toupper($0)}' passwd » PLAIN",
                "echo '1 2 3' | awk '{print ($1 + $2) / $3, -$1, $1$2}' » 1 -1 12",
                "echo '10 9' | awk '{print ($1 > $2)}' » 1",
                "awk -F: 'NF < 2 {print; x = 1} x {print \"last\"}' passwd » plain\\nlast",
            })
    void awkPicksFields(String script, String expected) {
        check(script, expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "jq -r '.[].Name' tasks.json » web.1\\nweb.2",
                "jq '.[0].Name' tasks.json » \"web.1\"",
                "jq -c '.[0].Ports' tasks.json » [80,443]",
                "jq '.[0].Ports[1], .[-1].Slot' tasks.json » 443\\n2",
                "jq length tasks.json » 2",
                "jq -c '.[0] | keys' tasks.json » [\"Name\",\"Node\",\"Ports\",\"Slot\",\"State\"]",
                "jq -r '.[] | select(.Node == \"worker1\") | .Name' tasks.json » web.2",
                "jq -r '.[] | select(.Slot < 2) | .Node' tasks.json » leader1",
                "jq -c 'map(.Slot)' tasks.json » [1,2]",
                "jq -c '[.[].State.Up]' tasks.json » [true,false]",
                "jq '.[0].Missing' tasks.json » null",
                "jq -e '.[1].State.Up' tasks.json || echo failed » false\\nfailed",
                "echo '{\"a\":{\"b c\":1}}' | jq '.a[\"b c\"], .a.\"b c\"' » 1\\n1",
                "echo '{\"a\":1}' | jq . » {\\n  \"a\": 1\\n}",
                "echo '1 2' | jq -sc . » [1,2]",
                "jq -c '.[] | {who: .Name, Slot}' tasks.json » {\"who\":\"web.1\",\"Slot\":1}\\n{\"who\":\"web.2\",\"Slot\":2}",
                "jq 'map(.Slot) | add' tasks.json » 3",
                "jq -r 'sort_by(-.Slot) | .[].Name' tasks.json » web.2\\nweb.1",
                "jq -c 'group_by(.Node) | map({node: .[0].Node, tasks: length})' tasks.json » [{\"node\":\"leader1\",\"tasks\":1},{\"node\":\"worker1\",\"tasks\":1}]",
                "jq -c '.[0] |= {Slot: 9} | map(.Slot)' tasks.json » [9,2]",
                "jq -r '.[] | \"\\(.Name) on \\(.Node)\"' tasks.json » web.1 on leader1\\nweb.2 on worker1",
                "jq -c 'any(.State.Up), all(.State.Up), (map(.Slot) | max)' tasks.json » true\\nfalse\\n2",
                "jq -r '.[].Missing // \"none\"' tasks.json » none",
                "jq -r '[.[].Name] | join(\", \")' tasks.json » web.1, web.2",
                "jq -r 'if .[0].State.Up then \"up\" else \"down\" end' tasks.json » up",
                "jq -r '.[] | select(.Name | test(\"2$\")) | .Node' tasks.json » worker1",
                "echo '{\"b\":1,\"a\":[]}' | jq -S . » {\\n  \"a\": [],\\n  \"b\": 1\\n}",
                "echo '{\"b\":1,\"a\":{\"d\":1,\"c\":2}}' | jq -cS . » {\"a\":{\"c\":2,\"d\":1},\"b\":1}",
                "echo '[1]' | jq --indent 1 . » [\\n 1\\n]",
                "echo '[1]' | jq --tab . » [\\n\t1\\n]",
                "echo '\"a\" \"b\"' | jq -j . » ab",
                "jq -n '1 + 2' » 3",
                "jq -nr --arg name web --argjson count 2 '$name * $count' » webweb",
                "printf 'a\\nb\\n' | jq -R . » \"a\"\\n\"b\"",
                "echo '1.0 1e3 1.5 0.00003 1e20' | jq . » 1\\n1000\\n1.5\\n3e-05\\n1e+20",
                "echo 1 | jq -e empty || echo $? » 4",
                "echo '{\"a\":1}' | jq '.a as $x | [$x, $x + 1] | length' » 2",
            })
    void jqPicksFromJson(String script, String expected) {
        check(script, expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "cut -d: -f1,3 passwd | head -1 » root:0",
                "cut -d: -f2- passwd | head -1 » x:0:root",
                "cut -d: -s -f1 passwd | wc -l » 3",
                "cut -c-3 passwd | tail -1 » pla",
                "sort -t: -k3 -n passwd | tail -1 » adm:x:10:admin",
                "sort -r passwd | head -1 » root:x:0:root",
                "printf '2\\n10\\n2\\n' | sort -nu | tr '\\n' , » 2,10,",
                "printf 'b\\nA\\n' | sort -f | head -1 » A",
                "sort -k2,2 nodes | head -1 | cut -c1-2 » a1",
                "printf 'a\\na\\nb\\n' | uniq -c » ~      2 a\\n      1 b~",
                "printf 'a\\na\\nb\\n' | uniq -d » a",
                "printf 'a\\na\\nb\\n' | uniq -u » b",
                "head -n 2 passwd | wc -l » 2",
                "head -n -1 passwd | wc -l » 3",
                "head -c 3 passwd » roo",
                "tail -n +4 passwd » plain",
                "tail -2 passwd | head -1 | cut -d: -f1 » adm",
                "wc -l passwd » 4 passwd",
                "wc -w < nodes » 17",
                "printf 'é' | wc -c -m » 2 1",
                "echo Hello | tr a-z A-Z » HELLO",
                "echo Hello | tr '[:upper:]' '[:lower:]' » hello",
                "echo a1b2 | tr -d 0-9 » ab",
                "echo aabb | tr -s ab » ab",
                "echo a1b2 | tr -cd '0-9\\n' » 12",
                "seq 3 | tr '\\n' , » 1,2,3,",
                "seq 5 -2 1 | tr '\\n' , » 5,3,1,",
                "seq -s , 2 4 » 2,3,4",
                "seq -1 1 | tr '\\n' , » -1,0,1,",
                "seq 3 | tac | tr '\\n' , » 3,2,1,",
                "seq 4 | xargs echo » 1 2 3 4",
                "seq 4 | xargs -n 2 echo got » got 1 2\\ngot 3 4",
                "seq 2 | xargs -I{} echo node{} is {} » node1 is 1\\nnode2 is 2",
                "printf '' | xargs -r echo never » ~~",
                "seq 4 | xargs -rn2 echo » 1 2\\n3 4",
                "seq 2 | xargs false || echo $? » 123",
                "cat -n passwd | tail -1 | tr -s ' \\t' ' ' » ~ 4 plain~",
                "printf '%s-%s\\n' a b c » a-b\\nc-",
                "printf '%5d|%-5s|%05.1f|%x|%%\\n' 42 ab 2.25 255 » ~   42|ab   |002.3|ff|%~",
                "echo -e 'a\\tb' | cut -f2 » b",
            })
    void smallFiltersDoAsTheirNamesakes(String script, String expected) {
        check(script, expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "grep '[' passwd » not a regular expression",
                "grep -z x passwd » unknown shorthand flag: 'z'",
                "sed 'y/a/b/' passwd » 'y' is not known, there are s, p, d and q",
                "sed 's/a/b/2' passwd » '2' after s/…/…/ is not supported, there are g, p and i",
                "sed 's/a' passwd » is not closed by '/'",
                "awk '{if ($1) print}' passwd » 'if' is not supported by this awk",
                "awk '{n[$1]++}' passwd » arrays are not supported by this awk",
                "awk '{print gsub(1)}' passwd » the function gsub is not known",
                "awk '{print $1' passwd » '{' is not closed by '}'",
                "jq '.Name' tasks.json » jq: error (at tasks.json:",
                "jq '.Name' tasks.json » Cannot index array with string \"Name\"",
                "echo 1 | jq .x » jq: error (at <stdin>:1): Cannot index number with string \"x\"",
                "echo 5 | jq 'error(\"no\")' » jq: error (at <stdin>:1): no",
                "echo 5 | jq 'error({a: 1})' » jq: error (at <stdin>:1) (not a string): {\"a\":1}",
                "echo 5 | jq '{a: 1} + 2' » object ({\"a\":1}) and number (2) cannot be added",
                "echo no | jq . » parse error: Invalid literal at line 1",
                "echo '{' | jq . » parse error: Unfinished JSON term at EOF at line 2",
                "echo 1 | jq '.[' » jq: error: syntax error (Unix shell quoting issues?) at <top-level>, line 1:",
                "echo 1 | jq frobnicate » jq: error: frobnicate/0 is not defined at <top-level>, line 1:",
                "echo 1 | jq '$y' » jq: error: $y is not defined at <top-level>, line 1:",
                "jq . missing.json » jq: error: Could not open file missing.json: No such file or directory",
                "jq --arg x » jq: --arg takes two parameters",
                "jq -n env » jq: error: env/0 is not available in this shell",
                "jq -n '$ENV' » jq: error: $ENV is not defined",
                "jq -n 'try input catch .' » jq: error: input/0 is not available in this shell",
                "jq -n '[range(1e9)]' » jq: range: more than 100000 numbers",
                "jq -n 'def f: 1 + f; f' » jq: error (at <unknown>): the filter calls itself too often",
                "cut -f x passwd » write -f LIST",
                "head -n many passwd » invalid number of lines",
                "seq 1 1000000 » more than 100000 numbers",
                "xargs -P4 echo » unknown option, there are -n, -I, -L and -r",
                "tr a » two sets",
                "sort -k x passwd » write -k N",
                "printf '%q' a » only %s, %d",
                "sleep soon » invalid time interval 'soon'",
                "date +%Q » %Q is not known",
            })
    void saysWhatAFilterDoesNotKnow(String script, String message) {
        assertThat(shell.refuses(script)).contains(message);
    }

    @Test
    void everyFilterHasHelp() {
        assertThat(shell.prints("grep --help")).contains("--ignore-case").contains("Usage: grep");
        assertThat(shell.prints("help")).contains("docker-machine").contains("xargs");
        assertThat(shell.prints("type grep")).contains("built into this shell");
    }
}
