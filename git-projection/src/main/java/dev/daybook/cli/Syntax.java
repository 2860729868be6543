package dev.daybook.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/**
 * How a command is called: its name, its arguments and options and what takes them, and its help.
 *
 * <p>picocli is told so by calls instead of annotations, because to read those by reflection takes longer than most commands take.
 */
final class Syntax {

    private final CommandSpec spec;

    /**
     * A command without arguments.
     *
     * @param command a {@link Runnable}, or a {@link java.util.concurrent.Callable} that returns the exit code
     * @param description the lines of its help, the first one of which is in the list of commands
     */
    Syntax(Verb command, String name, String... description) {
        this(CommandSpec.wrapWithoutInspection(command), name, description);
    }

    private Syntax(CommandSpec spec, String name, String... description) {
        this.spec = spec.name(name).versionProvider(new Version());
        spec.usageMessage()
                .description(description)
                .sortOptions(false)
                .synopsisSubcommandLabel("COMMAND")
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nOptions:%n")
                .parameterListHeading("%nArguments:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(UsageMessageSpec.keyValuesMap(
                        "0:done", "1:what was asked for could not be done; standard error says why", "2:wrong usage"))
                .footerHeading("%nExample:%n");
    }

    /** What is called without a command. */
    static Syntax ofProgram(String name, String description) {
        return new Syntax(CommandSpec.create(), name, description);
    }

    /** An argument that has to be there. */
    Syntax argument(String label, String description, Consumer<String> to) {
        return argument(label, true, description, to);
    }

    /** An argument that may be left out. */
    Syntax optionalArgument(String label, String description, Consumer<Optional<String>> to) {
        return argument(label, false, description, optional(to));
    }

    private Syntax argument(String label, boolean isRequired, String description, Consumer<String> to) {
        var argument = PositionalParamSpec.builder()
                .index(String.valueOf(spec.positionalParameters().size()))
                .arity(isRequired ? "1" : "0..1")
                .required(isRequired)
                .type(String.class);
        return add(argument, label, description, to);
    }

    /** Any number of arguments. */
    Syntax arguments(String label, String description, Consumer<List<String>> to) {
        return add(
                PositionalParamSpec.builder().arity("0..*").type(List.class).auxiliaryTypes(String.class),
                label,
                description,
                to);
    }

    private Syntax add(PositionalParamSpec.Builder argument, String label, String description, Consumer<?> to) {
        var place = new Place<>(to);
        spec.addPositional(argument.paramLabel(label)
                .description(description)
                .getter(place)
                .setter(place)
                .build());
        return this;
    }

    /** An option without a value. */
    Syntax flag(String names, String description, Runnable to) {
        return add(option(names).type(boolean.class), description, whenTrue(to));
    }

    /** An option with a text. */
    Syntax option(String names, String label, String description, Consumer<Optional<String>> to) {
        return add(option(names).type(String.class).paramLabel(label), description, optional(to));
    }

    /** An option with a value of some other type. */
    <T> Syntax option(
            String names,
            String label,
            Class<T> type,
            ITypeConverter<T> converter,
            String description,
            Consumer<Optional<T>> to) {
        return add(option(names).type(type).converters(converter).paramLabel(label), description, optional(to));
    }

    /** An option with a whole number. */
    Syntax number(String names, String label, String description, Consumer<Optional<Integer>> to) {
        return add(option(names).type(Integer.class).paramLabel(label), description, optional(to));
    }

    /** An option with several texts, with commas between them. */
    Syntax list(String names, String label, String description, Consumer<List<String>> to) {
        return add(many(option(names)).splitRegex(",").paramLabel(label), description, to);
    }

    /** An option with a text that may be given again and again. */
    Syntax repeatable(String names, String label, String description, Consumer<List<String>> to) {
        return add(many(option(names)).paramLabel(label), description, to);
    }

    private Syntax add(OptionSpec.Builder option, String description, Consumer<?> to) {
        var place = new Place<>(to);
        spec.addOption(
                option.description(description).getter(place).setter(place).build());
        return this;
    }

    /** Options that each command has, before or behind its name. */
    Syntax flagOfAll(String names, String description, Runnable to) {
        return add(ofAll(option(names).type(boolean.class)), description, whenTrue(to));
    }

    /**
     * As {@link #flagOfAll}.
     *
     * @param withoutValue what it has where none is given; empty if one has to be
     */
    <T> Syntax optionOfAll(
            String names,
            String label,
            Optional<String> withoutValue,
            Class<T> type,
            ITypeConverter<T> converter,
            String description,
            Consumer<Optional<T>> to) {
        var option = ofAll(option(names).type(type).converters(converter).paramLabel(label));
        withoutValue.ifPresent(
                value -> option.arity("0..1").fallbackValue(value).hideParamSyntax(true));
        return add(option, description, optional(to));
    }

    /** Ends the help. */
    Syntax examples(String... lines) {
        spec.usageMessage().footer(lines);
        return this;
    }

    /** The options that picocli itself knows. */
    Syntax help() {
        spec.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
        return this;
    }

    CommandSpec spec() {
        return spec;
    }

    /** @param names such as {@code -r, --remote} */
    private static OptionSpec.Builder option(String names) {
        int comma = names.indexOf(", ");
        return comma < 0
                ? OptionSpec.builder(names)
                : OptionSpec.builder(names.substring(0, comma), names.substring(comma + 2));
    }

    private static OptionSpec.Builder ofAll(OptionSpec.Builder option) {
        return option.scopeType(ScopeType.INHERIT);
    }

    private static OptionSpec.Builder many(OptionSpec.Builder option) {
        return option.type(List.class).auxiliaryTypes(String.class);
    }

    private static <T> Consumer<T> optional(Consumer<Optional<T>> to) {
        return value -> to.accept(Optional.of(value));
    }

    private static Consumer<Boolean> whenTrue(Runnable to) {
        return isGiven -> {
            if (isGiven) {
                to.run();
            }
        };
    }

    /** Takes values on. No lambdas: picocli's interfaces are so old that the JVM does not keep what implements them so. */
    private static final class Place<T> implements IGetter, ISetter {

        private final Consumer<T> to;
        private @Nullable Object value;

        Place(Consumer<T> to) {
            this.to = to;
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // picocli's signature
        public <V> @Nullable V get() {
            return (V) value;
        }

        /** Before it reads arguments, picocli sets everything to null. */
        @Override
        @SuppressWarnings("unchecked")
        public <V> @Nullable V set(@Nullable V given) {
            var before = value;
            value = given;
            if (given != null) {
                to.accept((T) given);
            }
            return (V) before;
        }
    }
}
