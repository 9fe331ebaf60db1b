package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import javafx.animation.AnimationTimer;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;

/**
 * Dots that flow along the arrows, as many a second as there are requests, up to a number that the eye can follow. Where nothing is
 * to move, a number on each arrow says how many.
 */
public final class TrafficDots {
    private static final double TRAVEL_SECONDS_MAX = 1.4;
    /** World units in a second of wall-clock time. */
    private static final double SPEED = 420;

    private static final double DOTS_PER_SECOND_MAX = 9;
    private static final int DOTS_MAX = 240;
    private static final double SIZE = 9;

    private final Pane layer;
    private final List<Dot> flying = new ArrayList<>();
    private final Deque<Region> spare = new ArrayDeque<>();
    private final Map<LinkNode, Double> due = new HashMap<>();
    private final AnimationTimer timer = new AnimationTimer() {
        @Override
        public void handle(long nowNanos) {
            advance(nowNanos);
        }
    };
    private Set<LinkNode> links = Set.of();
    private final Map<LinkNode, Label> counts = new LinkedHashMap<>();
    private final DoubleFunction<String> words;
    private boolean still;
    private boolean frozen;
    private boolean running;
    private long lastNanos;

    private static final class Dot {
        final Region node;
        final LinkNode link;
        double way;

        Dot(Region node, LinkNode link) {
            this.node = node;
            this.link = link;
        }
    }

    /** {@code words}: says how many requests a second there are. */
    public TrafficDots(Pane layer, DoubleFunction<String> words) {
        this.layer = layer;
        this.words = words;
    }

    /** Whether nothing is to move. */
    public void setStill(boolean now) {
        if (now != still) {
            still = now;
            stop();
            flying.clear();
            counts.clear();
            layer.getChildren().clear();
            setLinks(links);
        }
    }

    /** While the engine's time stands still, so do the dots. */
    public void setFrozen(boolean now) {
        frozen = now;
        if (frozen) {
            stop();
        } else {
            setLinks(links);
        }
    }

    public void setLinks(Collection<LinkNode> now) {
        links = new LinkedHashSet<>(now);
        due.keySet().retainAll(links);
        boolean any = links.stream().anyMatch(l -> l.link().requestsPerSecond() > 0);
        if (still) {
            stand();
        } else if (any && !running && !frozen) {
            running = true;
            lastNanos = 0;
            timer.start();
        }
    }

    public void stop() {
        running = false;
        timer.stop();
    }

    private static double travelSeconds(LinkNode link) {
        return Math.clamp(link.length() / SPEED, 0.2, TRAVEL_SECONDS_MAX);
    }

    private void stand() {
        counts.keySet().retainAll(links);
        for (LinkNode link : links) {
            double rate = link.link().requestsPerSecond();
            if (rate <= 0) {
                counts.remove(link);
                continue;
            }
            Label count = counts.computeIfAbsent(link, key -> Widgets.label("", "dot-count"));
            count.setText(words.apply(rate));
            if (!count.getStyleClass().contains(Widgets.toneClass(link.link().tone()))) {
                Widgets.setTone(count, link.link().tone());
            }
            count.setManaged(false);
        }
        if (!layer.getChildren().equals(List.copyOf(counts.values()))) {
            layer.getChildren().setAll(counts.values());
        }
        layer.applyCss();
        counts.forEach((link, count) -> {
            count.autosize();
            Point2D at = link.at(0.5);
            count.relocate(at.getX() - count.getWidth() / 2, at.getY() - count.getHeight() / 2);
        });
    }

    private void advance(long nowNanos) {
        double seconds = lastNanos == 0 ? 0 : Math.min(0.1, (nowNanos - lastNanos) / 1e9);
        lastNanos = nowNanos;
        for (Iterator<Dot> all = flying.iterator(); all.hasNext(); ) {
            Dot dot = all.next();
            dot.way += seconds / travelSeconds(dot.link);
            if (dot.way >= 1 || !links.contains(dot.link)) {
                all.remove();
                layer.getChildren().remove(dot.node);
                spare.push(dot.node);
            } else {
                move(dot.node, dot.link.at(dot.way));
            }
        }
        boolean any = false;
        for (LinkNode link : links) {
            double rate = Math.min(DOTS_PER_SECOND_MAX, link.link().requestsPerSecond());
            if (rate <= 0) {
                continue;
            }
            any = true;
            double owed = due.getOrDefault(link, Math.abs(link.hashCode() % 100) / 100.0) + seconds * rate;
            while (owed >= 1 && flying.size() < DOTS_MAX) {
                owed -= 1;
                Dot dot = new Dot(dot(link), link);
                flying.add(dot);
                layer.getChildren().add(dot.node);
                move(dot.node, link.at(0));
            }
            due.put(link, Math.min(owed, 2));
        }
        if (!any && flying.isEmpty()) {
            stop();
        }
    }

    private Region dot(LinkNode link) {
        Region dot = spare.isEmpty() ? new Region() : spare.pop();
        dot.getStyleClass().setAll("dot", link.bad() ? "dot-bad" : "dot-good");
        dot.resize(SIZE, SIZE);
        dot.setManaged(false);
        return dot;
    }

    private static void move(Region dot, Point2D point) {
        dot.relocate(point.getX() - SIZE / 2, point.getY() - SIZE / 2);
    }
}
