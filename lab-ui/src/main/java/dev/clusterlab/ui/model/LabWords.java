package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.docker.DockerLabs;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;

/**
 * Says in words what a lab on the user's Docker Engine consists of.
 *
 * @param now when it is said
 * @param zone of the person's clock
 */
record LabWords(Texts texts, Instant now, ZoneId zone) {
    String machines(DockerLabs.Lab lab) {
        return lab.machines().isEmpty() ? texts.get("labs.nomachines") : String.join(", ", lab.machines());
    }

    /** Such as {@code 3 machines, one network, 3 disks}. */
    String counts(DockerLabs.Lab lab) {
        return texts.get("labs.counts", lab.machines().size(), lab.networks(), lab.volumes());
    }

    /** Since when it is there, and how long that is; empty text if nobody knows. */
    String since(DockerLabs.Lab lab) {
        return lab.record()
                .map(record -> texts.get("labs.since", moment(record.created()), ago(record.created())))
                .orElse("");
    }

    private String moment(Instant when) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(texts.locale())
                .withZone(zone)
                .format(when);
    }

    private String ago(Instant when) {
        Duration age = Duration.between(when, now);
        if (age.toMinutes() < 1) {
            return texts.get("ago.now");
        }
        if (age.toHours() < 1) {
            return texts.get("ago.minutes", age.toMinutes());
        }
        return age.toDays() < 1 ? texts.get("ago.hours", age.toHours()) : texts.get("ago.days", age.toDays());
    }
}
