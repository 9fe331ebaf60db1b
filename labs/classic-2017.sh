#!/bin/sh
# The whole platform as people built it in 2017, in one script: docker-machine with VirtualBox, the first images of
# Consul and Traefik, and the flags of that time. It runs unchanged in the built-in shell:
#
#   clusterlab shell labs/classic-2017.sh
#
# It ends with status 0 only if the platform still answers after a machine was lost.
set -e

# ---- machines

for name in leader1 worker1 worker2; do
  docker-machine create \
    --driver virtualbox \
    --virtualbox-memory 1024 \
    --engine-label lab=classic \
    $name
done
docker-machine ls

ip_leader1=$(docker-machine ip leader1)

# ---- one swarm

eval "$(docker-machine env leader1)"
docker swarm init --advertise-addr $ip_leader1
token=$(docker swarm join-token worker -q)

for name in worker1 worker2; do
  eval "$(docker-machine env $name)"
  docker swarm join \
    --token $token \
    $ip_leader1:2377
done

eval "$(docker-machine env leader1)"
docker node ls

# ---- a network across machines, and a picture of it all

docker network create \
  --driver overlay \
  --subnet 10.1.9.0/24 \
  multi-host-net

docker service create \
  --name visualizer \
  --publish 5050:8080 \
  --constraint node.role==manager \
  --mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock \
  manomarks/visualizer

# ---- Consul: a server that elects itself, then one on every machine

docker service create \
  --name consul-leader \
  --network multi-host-net \
  --constraint node.hostname==leader1 \
  -p 8501:8500 \
  progrium/consul -server -bootstrap-expect 1 -ui-dir /ui

docker service create \
  --name consul-nodes \
  --mode global \
  --network multi-host-net \
  -p 8500:8500 \
  progrium/consul -server -join consul-leader -ui-dir /ui

wait-for -t 120 sh -c '[ "$(consul members | grep -c alive)" -ge 4 ]'
consul members

# ---- the hello service, which registers itself in Consul

docker service create \
  --name web \
  --replicas 2 \
  --network multi-host-net \
  -e CONSUL_HOST=consul-nodes \
  -e NETWORK=10.1.9 \
  clusterlab/hello

# ---- Traefik, with the flags of its first version

docker service create \
  --name traefik \
  --constraint node.role==manager \
  --publish 80:80 \
  --publish 8080:8080 \
  --mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock \
  --network multi-host-net \
  traefik:v1.3 \
  --consulCatalog.endpoint=consul-nodes:8500 \
  --consulCatalog.domain=localhost \
  --docker \
  --docker.swarmmode \
  --docker.domain=localhost \
  --docker.watch \
  --web

hello() {
  curl -s -m 3 -H Host:democonsul.localhost http://$ip_leader1
}

# ---- the first requests: another instance answers in turn

wait-for -t 120 sh -c "curl -s -f -o /dev/null -H Host:democonsul.localhost http://$ip_leader1"
for i in 1 2 3 4; do
  hello
  echo
done

# ---- scale out

docker service scale web=6
wait-for -t 120 sh -c '[ "$(docker service ps web --filter desired-state=running | grep -c "Running")" -eq 6 ]'
docker service ps web

# ---- lose a machine, and see requests go on

docker-machine kill worker2
good=0
for i in $(seq 1 40); do
  if hello | grep -q 'Hello Docker World on democonsul:instance_'; then
    good=$((good + 1))
  fi
  sleep 1
done
echo "$good of 40 requests were answered while worker2 was lost."
docker node ls
docker service ps web --filter desired-state=running

# Most were answered, and everything is whole again on the machines that are left.
[ $good -ge 20 ]
wait-for -t 60 sh -c '[ "$(docker service ps web --filter desired-state=running | grep -c "Running")" -eq 6 ]'
docker node ls | grep worker2 | grep -q Down
hello
