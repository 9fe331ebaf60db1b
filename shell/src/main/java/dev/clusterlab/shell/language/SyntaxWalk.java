package dev.clusterlab.shell.language;

import dev.clusterlab.shell.language.Syntax.Command;
import dev.clusterlab.shell.language.Syntax.Redirect;
import dev.clusterlab.shell.language.Syntax.Word;

/**
 * Goes over a script's tree in the order in which it is written, for who reads scripts without running them: every branch is
 * visited, and every command once. Subclasses say what they make of commands and words, and where they go on differently.
 */
public abstract class SyntaxWalk {
    /** Visits a command and all in it. */
    public final void command(Command command) {
        switch (command) {
            case Syntax.Simple simple -> simple(simple);
            case Syntax.Pipeline pipeline -> pipeline.stages().forEach(this::command);
            case Syntax.AndOr both -> {
                command(both.left());
                command(both.right());
            }
            case Syntax.Sequence sequence -> sequence.items().forEach(item -> command(item.command()));
            case Syntax.For loop -> {
                loop.words().forEach(this::word);
                variable(loop.variable());
                command(loop.body());
            }
            case Syntax.If choice -> {
                choice.branches().forEach(branch -> {
                    condition(branch.condition());
                    command(branch.body());
                });
                choice.otherwise().ifPresent(this::command);
            }
            case Syntax.Loop loop -> {
                condition(loop.condition());
                command(loop.body());
            }
            case Syntax.Case choice -> {
                word(choice.subject());
                choice.items().forEach(item -> {
                    item.patterns().forEach(this::word);
                    command(item.body());
                });
            }
            case Syntax.Function function -> function(function);
            case Syntax.Subshell inner -> subshell(inner);
            case Syntax.Redirected redirected -> {
                command(redirected.body());
                redirected.redirects().forEach(this::redirect);
            }
        }
    }

    /** A command of words; its words, assignments and redirections are visited only from here. */
    protected abstract void simple(Syntax.Simple simple);

    /** A word of a loop or a case, or the target of a redirection. */
    protected abstract void word(Word word);

    /** The variable that a loop sets before its body. */
    protected void variable(String name) {}

    /** What decides whether a body runs. */
    protected void condition(Command condition) {
        command(condition);
    }

    protected void redirect(Redirect redirect) {
        word(redirect.target());
    }

    protected void function(Syntax.Function function) {
        command(function.body());
    }

    protected void subshell(Syntax.Subshell inner) {
        command(inner.body());
    }
}
