package dev.clusterlab.simulator.consul;

/** The page on {@code /ui/}: self-contained, shows what the API answers, and polls it every two seconds. */
final class UiPage {
    private UiPage() {}

    static String html(String datacenter, String node) {
        return PAGE.replace("@DATACENTER@", escape(datacenter)).replace("@NODE@", escape(node));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Consul · @DATACENTER@</title>
            <style>
              :root { color-scheme: light dark; --line: #8885; --soft: #8882; }
              body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem; }
              header { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: baseline; }
              h1 { font-size: 1.35rem; margin: .2rem 0; }
              h2 { font-size: 1.05rem; margin: 1.3rem 0 .3rem; }
              table { border-collapse: collapse; width: 100%; }
              th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
              th { background: var(--soft); font-weight: 600; }
              .passing::before { content: "✔ "; color: #2a9d4a; }
              .warning::before { content: "▲ "; color: #c98a00; }
              .critical::before { content: "✖ "; color: #d33; }
              .tag { background: var(--soft); border-radius: .5rem; padding: 0 .4rem; margin-right: .3rem; }
              .quiet { opacity: .7; }
              #error { color: #d33; font-weight: 600; }
              code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            <header>
              <h1>Consul</h1>
              <span>datacenter <b>@DATACENTER@</b></span>
              <span>this agent <b>@NODE@</b></span>
              <span>leader <b id="leader">…</b></span>
              <span id="error" role="status"></span>
            </header>
            <h2>Services</h2><table id="services"></table>
            <h2>Nodes</h2><table id="nodes"></table>
            <h2>Members</h2><table id="members"></table>
            <h2>Keys</h2><table id="keys"></table>
            <script>
            const rank = { passing: 0, warning: 1, critical: 2 };
            const worst = list => list.reduce((w, c) => rank[c.Status] > rank[w] ? c.Status : w, 'passing');
            function cell(row, text, style) {
              const td = row.insertCell();
              td.textContent = text;
              if (style) td.className = style;
              return td;
            }
            function table(id, heads) {
              const t = document.getElementById(id);
              t.replaceChildren();
              const row = t.createTHead().insertRow();
              for (const h of heads) { const th = document.createElement('th'); th.textContent = h; row.append(th); }
              return t.createTBody();
            }
            async function get(path) {
              const answer = await fetch(path);
              if (answer.status === 404) return null;
              const text = await answer.text();
              if (!answer.ok) throw new Error(answer.status + ' ' + text);
              return JSON.parse(text);
            }
            function show(nodes) {
              const services = new Map();
              const nodeRows = table('nodes', ['Node', 'Address', 'Health', 'Services', 'Checks']);
              for (const n of nodes) {
                const row = nodeRows.insertRow();
                cell(row, n.Node);
                cell(row, n.Address);
                const own = n.Checks.filter(c => !c.ServiceID);
                cell(row, worst(own), worst(own));
                cell(row, n.Services.length);
                cell(row, n.Checks.map(c => c.Name + ': ' + c.Status).join(', '), 'quiet');
                for (const s of n.Services) {
                  if (!services.has(s.Service)) services.set(s.Service, []);
                  const checks = n.Checks.filter(c => !c.ServiceID || c.ServiceID === s.ID);
                  services.get(s.Service).push({ node: n, service: s, status: worst(checks), checks });
                }
              }
              const body = table('services', ['Service', 'Instance', 'Node', 'Address', 'Health', 'Tags']);
              for (const [name, list] of [...services].sort((a, b) => a[0] < b[0] ? -1 : 1)) {
                list.forEach((i, at) => {
                  const row = body.insertRow();
                  cell(row, at === 0 ? name + ' (' + list.length + ')' : '');
                  cell(row, i.service.ID);
                  cell(row, i.node.Node);
                  cell(row, (i.service.Address || i.node.Address) + ':' + i.service.Port);
                  const health = cell(row, i.status, i.status);
                  health.title = i.checks.map(c => c.Name + ': ' + c.Output).join('\\n');
                  const tags = row.insertCell();
                  for (const t of i.service.Tags || []) {
                    const span = document.createElement('span');
                    span.className = 'tag'; span.textContent = t; tags.append(span);
                  }
                });
              }
            }
            async function refresh() {
              try {
                const leader = await get('/v1/status/leader');
                document.getElementById('leader').textContent = leader || 'none';
                const states = ['', 'alive', 'leaving', 'left', 'failed'];
                const members = table('members', ['Member', 'Address', 'Role', 'State']);
                for (const m of await get('/v1/agent/members')) {
                  const row = members.insertRow();
                  cell(row, m.Name);
                  cell(row, m.Addr + ':' + m.Port);
                  cell(row, m.Tags.role === 'consul' ? 'server' : 'client');
                  cell(row, states[m.Status], m.Status === 1 ? 'passing' : m.Status === 4 ? 'critical' : 'warning');
                }
                const consistency = leader ? '' : '?stale';
                show(await get('/v1/internal/ui/nodes' + consistency) || []);
                const keys = table('keys', ['Key', 'Value']);
                for (const k of await get('/v1/kv/?recurse' + (leader ? '' : '&stale')) || []) {
                  const row = keys.insertRow();
                  cell(row, k.Key);
                  cell(row, k.Value ? new TextDecoder().decode(Uint8Array.from(atob(k.Value), c => c.charCodeAt(0))) : '');
                }
                document.getElementById('error').textContent = '';
              } catch (e) {
                document.getElementById('error').textContent = e.message;
              }
              setTimeout(refresh, 2000);
            }
            refresh();
            </script>
            </body>
            </html>
            """;
}
