package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a fault was told besides whom it hits, checked against the ranges of its kind.
 *
 * @param texts by parameter, in the form that is shown; all settings of the kind are there
 */
public record FaultValues(Map<FaultParameter, String> texts) {
    /** Of a kind that cannot be told anything. */
    public static final FaultValues NONE = new FaultValues(Map.of());

    public FaultValues {
        var ordered = new EnumMap<FaultParameter, String>(FaultParameter.class);
        ordered.putAll(texts);
        texts = Collections.unmodifiableMap(ordered);
    }

    /**
     * Those of a kind, as somebody has written them; what was not written is as the kind has it.
     *
     * @param written by the parameters' words
     * @throws LabException INPUT if one is not the kind's, is missing or is out of its range
     */
    public static FaultValues of(FaultKind kind, Map<String, String> written) {
        for (String word : written.keySet()) {
            if (kind.setting(word).isEmpty()) {
                String known = kind.settings().stream()
                        .map(setting -> setting.parameter().word())
                        .collect(Collectors.joining(", "));
                throw new LabException(
                                Kind.INPUT,
                                kind.code() + " has no " + word + ".",
                                known.isEmpty() ? "It needs to be told nothing." : "It has " + known + ".")
                        .named("fault.parameter", kind.code(), word, known);
            }
        }
        var texts = new EnumMap<FaultParameter, String>(FaultParameter.class);
        for (FaultKind.Setting setting : kind.settings()) {
            FaultParameter parameter = setting.parameter();
            String text = written.get(parameter.word());
            if (text == null) {
                text = setting.otherwise()
                        .orElseThrow(() -> new LabException(
                                        Kind.INPUT,
                                        kind.code() + " needs a " + parameter.word() + ".",
                                        "It is from this range: " + parameter.range() + ".")
                                .named("fault.needs", kind.code(), parameter.word(), parameter.range()));
            }
            texts.put(parameter, parameter.canonical(text));
        }
        return new FaultValues(texts);
    }

    String text(FaultParameter parameter) {
        String text = texts.get(parameter);
        if (text == null) {
            throw new IllegalArgumentException("there is no " + parameter);
        }
        return text;
    }

    /** In the unit in which the parameter is kept. */
    private double number(FaultParameter parameter) {
        return parameter.number(text(parameter));
    }

    Duration time(FaultParameter parameter) {
        return Duration.ofNanos(Math.round(number(parameter) * 1e9));
    }

    /** 0 to 1. */
    double share(FaultParameter parameter) {
        return number(parameter) / 100;
    }

    /** Of bits a second, or of bytes. */
    long whole(FaultParameter parameter) {
        return Math.round(number(parameter));
    }

    boolean flag(FaultParameter parameter) {
        return number(parameter) > 0;
    }

    /** As it is shown behind a kind, such as {@code delay=100ms jitter=10ms}; without what is switched off. */
    @Override
    public String toString() {
        return texts.entrySet().stream()
                .filter(each -> each.getKey().unit() != FaultParameter.Unit.FLAG
                        || each.getValue().equals("true"))
                .map(each -> each.getKey().word() + "=" + each.getValue().replace(" ", ""))
                .collect(Collectors.joining(" "));
    }
}
