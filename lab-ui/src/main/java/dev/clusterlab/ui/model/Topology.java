package dev.clusterlab.ui.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the centre of the window shows of one snapshot: a picture without pixels, compared by value so that an equal one
 * need not be drawn again. Positions are in world units; the view zooms.
 */
public record Topology(
        View view,
        Headline headline,
        List<Box> boxes,
        List<Band> bands,
        List<Link> links,
        List<Island> islands,
        List<Tear> tears,
        Writing writing,
        double boxWidth,
        double width,
        double height) {
    /** The least width of a machine's box, and its height with {@link #LINES} lines of chips. */
    public static final double BOX_WIDTH = 236;

    public static final double BOX_HEIGHT = 176;
    /** Boxes do not get wider than that, however much room there is. */
    public static final double BOX_WIDTH_MAX = 340;

    public static final int LINES = 3;
    public static final int LINES_MAX = 6;
    /** What a line of chips more adds to a box. */
    public static final double LINE = 28;
    /** What of a box's width chips cannot have. */
    public static final double CHIP_INSET = 26;

    public static final double CHIP_GAP = 6;
    public static final double GAP_X = 40;
    public static final double GAP_Y = 44;
    public static final double MARGIN = 26;
    /** Room above the machines for the headline or the client. */
    public static final double TOP = 96;
    /** Where the headline, which is the client in the traffic view, ends. */
    public static final double CLIENT_BOTTOM = 66;
    /** Identifier of the client as an end of a link. */
    public static final String CLIENT = "client";

    public Topology {
        boxes = List.copyOf(boxes);
        bands = List.copyOf(bands);
        links = List.copyOf(links);
        islands = List.copyOf(islands);
        tears = List.copyOf(tears);
    }

    /** Three ways to look at one cluster. */
    public enum View {
        SWARM,
        CONSUL,
        TRAFFIC
    }

    /** How something fares; each has its own colour, icon and words. */
    public enum Tone {
        GOOD,
        WAITING,
        BAD,
        NEUTRAL
    }

    /** The sentence above the machines. */
    public record Headline(Tone tone, String title, String detail) {}

    /** State of a machine as the cluster and the engine see it, the gravest first; at last one that is not there yet. */
    public enum Condition {
        KILLED,
        STOPPED,
        /** To be off, and cut off from the others instead: nobody has a command that switches it off. */
        CUT_OFF,
        PAUSED,
        SILENT,
        NODE_DOWN,
        NODE_UNKNOWN,
        DRAINED,
        READY,
        ALONE,
        MAKING;

        public Tone tone() {
            return switch (this) {
                case KILLED, NODE_DOWN -> Tone.BAD;
                case STOPPED, CUT_OFF, PAUSED, SILENT, NODE_UNKNOWN, DRAINED, MAKING -> Tone.WAITING;
                case READY -> Tone.GOOD;
                case ALONE -> Tone.NEUTRAL;
            };
        }

        /** Whether nothing on it can work now, as far as the others see. */
        public boolean dead() {
            return off() || this == PAUSED || this == CUT_OFF;
        }

        /** Whether it is without power. */
        public boolean off() {
            return this == KILLED || this == STOPPED;
        }
    }

    /** Part of a machine in the swarm. */
    public enum Role {
        NONE,
        WORKER,
        MANAGER,
        LEADER
    }

    /**
     * A machine.
     *
     * @param plugged names of the bands that it is connected to
     * @param height all boxes have one
     * @param side letter of the island that it is on, such as {@code A}; empty while the network is whole
     * @param belief whom it believes to lead
     * @param more how many chips there is no room for
     * @param tally all of its chips counted, for where nothing smaller can be read; what is in trouble first
     * @param work what is done to it while it is not there yet, in words; otherwise empty
     */
    public record Box(
            String name,
            String ip,
            double x,
            double y,
            double height,
            Condition condition,
            Role role,
            List<String> plugged,
            String side,
            Belief belief,
            List<Chip> chips,
            int more,
            List<Tally> tally,
            String work) {
        public Box {
            plugged = List.copyOf(plugged);
            chips = List.copyOf(chips);
            tally = List.copyOf(tally);
        }
    }

    /** How many of a service fare alike on one machine. */
    public record Tally(ServicePalette.Mark mark, Tone tone, int count) {}

    /**
     * Whom a machine believes to lead, in words.
     *
     * @param leader name with a star before it; empty where the words say it all
     */
    public record Belief(String words, String leader, Tone tone) {
        public static final Belief NONE = new Belief("", "", Tone.NEUTRAL);
    }

    /** How the chips are written, in the whole picture alike: as much as has room in every box. */
    public enum Writing {
        /** {@code W web.3}, and its state in words. */
        FULL,
        /** {@code W web.3}: of its state only the sign is left. */
        NAMED,
        /** {@code W 3}. */
        SHORT,
        /** {@code W × 9}: one for all of a service that fare alike. */
        GROUPED
    }

    /** A rectangle, in world units. */
    public record Area(double x, double y, double width, double height) {}

    /**
     * A part of the network that hears no other.
     *
     * @param count how many of those that decide are on it, in words
     * @param brief the same where there is little room
     * @param verdict whether it can decide, in words
     * @param tone GOOD where it decides, WAITING where it may elect a leader, BAD where it cannot decide
     * @param areas what it covers; those that touch are one
     * @param signs where it is to be named: the upper left corner of each part of it that touches no other
     */
    public record Island(
            String letter,
            List<String> machines,
            String count,
            String brief,
            String verdict,
            Tone tone,
            List<Area> areas,
            List<Sign> signs) {
        public Island {
            machines = List.copyOf(machines);
            areas = List.copyOf(areas);
            signs = List.copyOf(signs);
        }
    }

    /**
     * Where an island is named.
     *
     * @param x where the name begins
     * @param y its middle
     * @param room how wide the hull is there
     */
    public record Sign(double x, double y, double room) {}

    /**
     * Where two machines that stand side by side do not hear each other: a line between them.
     *
     * @param fault identifier of the fault that is lifted to mend it; empty where none is known
     * @param badge whether the sign of the cut stands here; once for each fault
     */
    public record Tear(String left, String right, Point from, Point to, String fault, boolean badge) {}

    /** What a chip stands for. */
    public enum ChipKind {
        TASK,
        CONTAINER,
        MEMBER,
        PROXY
    }

    /**
     * The words on a chip.
     *
     * @param brief label where there is little room
     * @param note state in words, empty where it is simply running
     */
    public record Caption(String label, String brief, String note) {}

    /** What is special about a chip. */
    public enum Trait {
        /** It leads (Consul). */
        CROWN,
        /** It is a Consul server. */
        SERVER,
        /** It is there, but beside the point of this view. */
        FADED,
        /** It is frozen, by itself or with its machine. */
        PAUSED,
        /** It lives on although Swarm has given it up. */
        ORPHAN
    }

    /**
     * Something that runs, or should, on a machine.
     *
     * @param id unique in the picture, stable between snapshots
     * @param mark colour and sign of its service
     */
    public record Chip(
            String id,
            ChipKind kind,
            Caption caption,
            Tone tone,
            ServicePalette.Mark mark,
            Set<Trait> traits,
            Selection selection) {
        public Chip {
            traits = Set.copyOf(traits);
        }

        public String label() {
            return caption.label();
        }

        public String brief() {
            return caption.brief();
        }

        public String note() {
            return caption.note();
        }

        public boolean crown() {
            return traits.contains(Trait.CROWN);
        }

        public boolean server() {
            return traits.contains(Trait.SERVER);
        }

        public boolean faded() {
            return traits.contains(Trait.FADED);
        }

        public boolean paused() {
            return traits.contains(Trait.PAUSED);
        }

        public boolean orphan() {
            return traits.contains(Trait.ORPHAN);
        }

        /** The same one, with other words of its state. */
        public Chip withNote(String words) {
            return with(new Caption(label(), brief(), words));
        }

        /** The same one, with other words. */
        public Chip with(Caption words) {
            return new Chip(id, kind, words, tone, mark, traits, selection);
        }

        Chip with(Trait trait) {
            Set<Trait> more = EnumSet.of(trait);
            more.addAll(traits);
            return new Chip(id, kind, caption, tone, mark, more, selection);
        }

        /** The task of a Traefik, as what requests go through. */
        Chip asProxy(Selection.OfProxy proxy) {
            return new Chip(id, ChipKind.PROXY, caption, tone, mark, traits, proxy);
        }
    }

    /** An overlay network as a band behind the machines; {@code index} counts from 0. */
    public record Band(String name, String subnet, int index) {}

    /** What a link means. */
    public enum LinkKind {
        REQUESTS,
        ROUTE,
        RAFT,
        RPC,
        /** Nothing gets through this way. */
        CUT
    }

    /** A place in the picture, in world units. */
    public record Point(double x, double y) {}

    /**
     * A line from one end to another: names of machines, or {@link #CLIENT}.
     *
     * @param requestsPerSecond how much flows
     * @param path its corners, ends included; at least two
     */
    public record Link(String from, String to, LinkKind kind, Tone tone, double requestsPerSecond, List<Point> path) {
        public Link {
            path = List.copyOf(path);
        }
    }

    public Optional<Box> box(String name) {
        return boxes.stream().filter(b -> b.name().equals(name)).findFirst();
    }
}
