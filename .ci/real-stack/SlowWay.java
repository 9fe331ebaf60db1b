import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A way to a host that takes 100 ms in each direction, as a ProxyCommand of ssh: java SlowWay.java HOST PORT. Bytes keep their
 * order. Loss is the business of the host's iptables.
 */
class SlowWay {
    private static final long ONE_WAY = TimeUnit.MILLISECONDS.toNanos(100);

    private record Piece(byte[] bytes, long atNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(atNanos, ((Piece) other).atNanos);
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (var socket = new Socket(arguments[0], Integer.parseInt(arguments[1]))) {
            socket.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> carry(read(socket), System.out));
            carry(System.in, write(socket));
            socket.shutdownOutput();
            back.join();
        }
    }

    private static InputStream read(Socket socket) {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static OutputStream write(Socket socket) {
        try {
            return socket.getOutputStream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void carry(InputStream from, OutputStream to) {
        var onTheWay = new DelayQueue<Piece>();
        Thread arrivals = Thread.ofPlatform().start(() -> {
            try {
                for (Piece piece = onTheWay.take(); piece.bytes().length > 0; piece = onTheWay.take()) {
                    to.write(piece.bytes());
                    to.flush();
                }
            } catch (IOException | InterruptedException e) {
                // Nobody is there any more.
                Runtime.getRuntime().halt(1);
            }
        });
        try {
            byte[] buffer = new byte[65_536];
            long last = 0;
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                last = Math.max(last + 1, System.nanoTime() + ONE_WAY);
                onTheWay.add(new Piece(java.util.Arrays.copyOf(buffer, count), last));
            }
            onTheWay.add(new Piece(new byte[0], Math.max(last + 1, System.nanoTime() + ONE_WAY)));
            arrivals.join();
        } catch (IOException | InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }
}
