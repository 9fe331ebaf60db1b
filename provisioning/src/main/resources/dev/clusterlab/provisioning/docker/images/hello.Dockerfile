# The hello service on a Java runtime. Only COPY and settings: it needs no network, and no shell in the base.
ARG BASE=eclipse-temurin:25-jre
FROM $BASE
# Into the root, which is there: a folder that COPY makes has the time of the build, and another layer each time.
COPY root /
WORKDIR /app
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", "/app/helidon-hello.jar:/app/lib/*", "dev.clusterlab.hello.HelloMain"]
