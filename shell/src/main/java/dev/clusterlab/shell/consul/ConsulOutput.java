package dev.clusterlab.shell.consul;

/**
 * What a call of {@code consul} ends with.
 *
 * @param status exit status
 * @param out standard output, each line with its end
 * @param err standard error, each line with its end
 */
public record ConsulOutput(int status, String out, String err) {
    static ConsulOutput ok(String out) {
        return new ConsulOutput(0, out, "");
    }

    static ConsulOutput failed(String line) {
        return new ConsulOutput(1, "", line + "\n");
    }
}
