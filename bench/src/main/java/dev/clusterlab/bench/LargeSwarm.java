package dev.clusterlab.bench;

/** The commands that make a large swarm, as a person would type them. Its machines are n1, n2 and so on. */
final class LargeSwarm {
    static final int MANAGERS = 3;

    private LargeSwarm() {}

    static String machines(int machines) {
        return "for i in $(seq 1 " + machines + "); do docker-machine create n$i; done";
    }

    static String swarm(int machines) {
        return """
                eval "$(docker-machine env n1)"
                docker swarm init --advertise-addr $(docker-machine ip n1)
                worker=$(docker swarm join-token -q worker)
                manager=$(docker swarm join-token -q manager)
                remote=$(docker-machine ip n1):2377
                for i in $(seq 2 MANAGERS); do
                  docker -H tcp://$(docker-machine ip n$i):2375 swarm join --token $manager $remote
                done
                for i in $(seq FIRST LAST); do
                  docker -H tcp://$(docker-machine ip n$i):2375 swarm join --token $worker $remote
                done
                until [ "$(docker node ls | grep -c Ready)" = LAST ]; do sleep 1; done
                """.replace("MANAGERS", String.valueOf(MANAGERS))
                .replace("FIRST", String.valueOf(MANAGERS + 1))
                .replace("LAST", String.valueOf(machines));
    }

    static String untilRunning(int tasks) {
        return "until [ \"$(docker service ls --format '{{.Replicas}}')\" = " + tasks + "/" + tasks
                + " ]; do sleep 1; done\n";
    }
}
