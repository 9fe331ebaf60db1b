package dev.clusterlab.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.shell.text.LinearPattern;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JxltEngine;
import org.apache.commons.jexl3.MapContext;
import org.apache.commons.jexl3.introspection.JexlPermissions;
import org.jspecify.annotations.Nullable;

/**
 * The language of checks and hints: Apache Commons JEXL expressions over {@link CheckState}, the functions of which stand
 * without a prefix ({@code running("web") == 10}). Loops, assignments, object creation and everything outside the
 * observed state are switched off, and so is what could take for ever: expressions are searched in linear time, and
 * length and nesting have limits. Thread-safe.
 */
public final class CheckLanguage {
    private static final JexlFeatures FEATURES = new JexlFeatures()
            .loops(false)
            .sideEffect(false)
            .sideEffectGlobal(false)
            .newInstance(false)
            .lambda(false)
            .pragma(false)
            .annotation(false)
            .script(false)
            .methodCall(false);

    /** What messages of JEXL call a value that they cannot write. */
    private static final Pattern JAVA_NAME = Pattern.compile("(\\[+L|\\b)java\\.[\\w.$]+;?(@[0-9a-f]+)?");

    private static final JexlPermissions PERMISSIONS = new JexlPermissions.ClassPermissions(CheckState.class);

    /** Longest condition or text, in characters. */
    static final int LENGTH_MAX = 5_000;

    /** Deepest nesting of brackets, signs and choices. */
    static final int DEPTH_MAX = 100;

    /** A compiled condition. */
    public final class Condition {
        private final String source;
        private final JexlExpression expression;

        private Condition(String source, JexlExpression expression) {
            this.source = source;
            this.expression = expression;
        }

        /**
         * Whether it holds.
         *
         * @throws LabException INPUT if it cannot be evaluated, or gives something else than true or false; CANCELLED if the
         *     thread is interrupted, and stays so
         */
        public boolean holds(CheckState state) {
            try {
                Object value = expression.evaluate(new StateContext(state));
                if (value instanceof Boolean truth) {
                    return truth;
                }
                throw new LabException(
                        LabException.Kind.INPUT,
                        "The check \"" + source + "\" gives "
                                + (value != null && value.getClass().isArray() ? "a list" : value) + ".",
                        "A check must give true or false.");
            } catch (JexlException e) {
                throw invalid(source, e);
            } catch (StackOverflowError | ArithmeticException | IllegalArgumentException | IllegalStateException e) {
                throw tooLarge(source, "its value cannot be computed", e);
            }
        }

        /**
         * Its value, where it gives a number.
         *
         * @throws LabException INPUT if it cannot be evaluated, or gives something else
         */
        public double number(CheckState state) {
            try {
                if (expression.evaluate(new StateContext(state)) instanceof Number value) {
                    return value.doubleValue();
                }
                throw new LabException(
                        LabException.Kind.INPUT,
                        "\"" + source + "\" gives no number.",
                        "A measure must give a number.");
            } catch (JexlException e) {
                throw invalid(source, e);
            } catch (StackOverflowError | ArithmeticException | IllegalArgumentException | IllegalStateException e) {
                throw tooLarge(source, "its value cannot be computed", e);
            }
        }
    }

    /** A compiled text with expressions in <code>${…}</code>. */
    public final class Text {
        private final String source;
        private final JxltEngine.Expression template;

        private Text(String source, JxltEngine.Expression template) {
            this.source = source;
            this.template = template;
        }

        /** The text for this state. */
        public String fill(CheckState state) {
            try {
                return String.valueOf(template.evaluate(new StateContext(state)));
            } catch (JexlException e) {
                throw invalid(source, e);
            } catch (StackOverflowError | ArithmeticException | IllegalArgumentException | IllegalStateException e) {
                throw tooLarge(source, "its value cannot be computed", e);
            }
        }
    }

    private final JexlEngine engine = new JexlBuilder()
            .features(FEATURES)
            .permissions(PERMISSIONS)
            .strict(true)
            .silent(false)
            .arithmetic(new LinearArithmetic())
            .cache(512)
            .create();
    private final JxltEngine templates = engine.createJxltEngine(true, 256, '$', '#');

    /**
     * Compiles a condition.
     *
     * @throws LabException INPUT with the place of the error
     */
    public Condition compile(String expression) {
        refuseHuge(expression);
        try {
            return new Condition(expression, engine.createExpression(expression));
        } catch (JexlException e) {
            throw invalid(expression, e);
        } catch (StackOverflowError | IllegalArgumentException | IllegalStateException e) {
            throw tooLarge(expression, "it cannot be read", e);
        }
    }

    /** Compiles a text template. */
    public Text compileText(String text) {
        refuseHuge(text);
        try {
            return new Text(text, templates.createExpression(text));
        } catch (JexlException e) {
            throw invalid(text, e);
        } catch (StackOverflowError | IllegalArgumentException | IllegalStateException e) {
            throw tooLarge(text, "it cannot be read", e);
        }
    }

    /** Evaluates once, for the command line and tests. */
    public boolean holds(String expression, ClusterSnapshot snapshot) {
        return compile(expression).holds(new CheckState(snapshot));
    }

    private static void refuseHuge(String source) {
        if (source.length() > LENGTH_MAX) {
            throw tooLarge(source, "it is longer than " + LENGTH_MAX + " characters", null);
        }
        int depth = 0;
        int signs = 0;
        int choices = 0;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            } else if (c == '?') {
                choices++;
            }
            if ("!-+~".indexOf(c) >= 0) {
                signs++;
            } else if (!Character.isWhitespace(c)) {
                signs = 0;
            }
            if (depth > DEPTH_MAX || signs > DEPTH_MAX || choices > DEPTH_MAX) {
                throw tooLarge(source, "it is nested more than " + DEPTH_MAX + " deep", null);
            }
        }
    }

    private static LabException tooLarge(String source, String why, @Nullable Throwable cause) {
        String shown = source.strip();
        return new LabException(
                LabException.Kind.INPUT,
                "the expression \"" + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown)
                        + "\" cannot be used: " + why,
                "Use several checks with one short condition each.",
                cause);
    }

    /** Searches texts in linear time, whatever the expression behind {@code =~} is. */
    private static final class LinearArithmetic extends JexlArithmetic {
        LinearArithmetic() {
            super(true);
        }

        @Override
        public @Nullable Boolean contains(@Nullable Object container, @Nullable Object value) {
            if (value != null && (container instanceof String || container instanceof Pattern)) {
                try {
                    return LinearPattern.compile(container.toString()).matches(value.toString());
                } catch (IllegalArgumentException e) {
                    throw new ArithmeticException(e.getMessage());
                }
            }
            return super.contains(container, value);
        }
    }

    private static LabException invalid(String source, JexlException e) {
        if (e instanceof JexlException.Cancel) {
            // The library has taken the interrupt's mark away.
            Thread.currentThread().interrupt();
            return new LabException(LabException.Kind.CANCELLED, "Looking at the cluster was cancelled.", "", e);
        }
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        int at = detail.indexOf('@');
        String where =
                JAVA_NAME.matcher(at >= 0 ? detail.substring(at + 1) : detail).replaceAll("a value");
        return new LabException(
                LabException.Kind.INPUT,
                "the expression \"" + source.strip() + "\" cannot be used (" + where.strip() + ")",
                "The functions of the check language are listed in docs/labs.md.",
                e);
    }

    private static final class StateContext extends MapContext
            implements org.apache.commons.jexl3.JexlContext.NamespaceResolver {
        private final CheckState state;

        StateContext(CheckState state) {
            super(Map.of());
            this.state = state;
        }

        @Override
        public Object resolveNamespace(String name) {
            return name == null || name.isEmpty() ? state : Map.of();
        }
    }
}
