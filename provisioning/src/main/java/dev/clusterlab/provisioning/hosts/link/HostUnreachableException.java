package dev.clusterlab.provisioning.hosts.link;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No way leads to a host now. */
public final class HostUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient HostTrouble trouble;

    public HostUnreachableException(HostTrouble trouble, @Nullable Throwable cause) {
        super(trouble.sentence(), cause);
        this.trouble = trouble;
    }

    public HostTrouble trouble() {
        return trouble;
    }
}
