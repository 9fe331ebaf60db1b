package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.hosts.link.HostTrouble.Kind;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A host that was not reached is left alone for a while; who has given an order waits for its end, if that is near. */
class KnocksTest {
    private static final RequestDoor.Opening REFUSING = () -> {
        throw new HostUnreachableException(new HostTrouble(Kind.CLOSED_PORT, "h1", ""), null);
    };

    private final AtomicInteger opened = new AtomicInteger();
    private final Knocks knocks = new Knocks(System::nanoTime);

    private ByteStream open() throws HostUnreachableException {
        opened.incrementAndGet();
        return REFUSING.open();
    }

    @Test
    void anOrderWaitsForTheEndOfAShortPause() {
        knocks.told(Optional.of(new HostTrouble(Kind.DROPPED, "h1", "")));
        assertThatThrownBy(() -> knocks.open(this::open)).hasMessageContaining("broke");
        assertThat(opened).hasValue(0);
        assertThatThrownBy(() -> knocks.openWhenDue(this::open)).hasMessageContaining("nobody listens");
        assertThat(opened).hasValue(1);
    }

    @Test
    void whatDoesNotPassByItselfIsToldAtOnce() {
        knocks.told(Optional.of(new HostTrouble(Kind.KEY_REFUSED, "h1", "")));
        assertThatThrownBy(() -> knocks.openWhenDue(this::open)).hasMessageContaining("none of the keys");
        assertThat(opened).hasValue(0);
    }
}
