package dev.daybook.git.dvc;

import dev.daybook.lifecycle.ParamValue;
import dev.daybook.lifecycle.ParamValue.BooleanValue;
import dev.daybook.lifecycle.ParamValue.DoubleValue;
import dev.daybook.lifecycle.ParamValue.ListValue;
import dev.daybook.lifecycle.ParamValue.LongValue;
import dev.daybook.lifecycle.ParamValue.MapValue;
import dev.daybook.lifecycle.ParamValue.StringValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what the stages that a template stands for make, and where: with the values that the {@code dvc.yaml} itself has, the files that its
 * {@code vars} name, and the {@code params.yaml} beside it. What needs a value that is not found there is left out.
 */
final class StageTemplates {

    private static final Pattern VARIABLE = Pattern.compile("(?<!\\\\)\\$\\{(.*?)}");
    private static final String USUAL_FILE = "params.yaml";
    private static final List<String> SECTIONS = List.of("wdir", "outs", "metrics", "plots");

    /** A matrix of more is not written by hand. */
    private static final int MOST_STAGES = 10_000;

    private final String folder;
    private final FileSource files;
    private final Map<String, ParamValue> values = new LinkedHashMap<>();

    /**
     * @param folder of the {@code dvc.yaml}, {@code ""} for the root, else with a {@code /} at the end
     * @param dvcYaml what it says
     */
    StageTemplates(String folder, Map<String, ParamValue> dvcYaml, FileSource files) throws IOException {
        this.folder = folder;
        this.files = files;
        addFile(values, folder, USUAL_FILE);
        addVars(values, folder, dvcYaml);
    }

    private void addVars(Map<String, ParamValue> values, String place, Map<String, ParamValue> from)
            throws IOException {
        if (from.get("vars") instanceof ListValue vars) {
            for (var each : vars.values()) {
                if (each instanceof MapValue map) {
                    values.putAll(map.entries());
                } else if (each instanceof StringValue file) {
                    addFile(values, place, file.value());
                }
            }
        }
    }

    /** @param name with the keys that are wanted behind a colon, or without, if all are */
    private void addFile(Map<String, ParamValue> values, String place, String name) throws IOException {
        int colon = name.indexOf(':');
        var file = colon < 0 ? name : name.substring(0, colon);
        var keys = colon < 0
                ? List.<String>of()
                : List.of(name.substring(colon + 1).split(","));
        var content = files.read(ListedFiles.resolve(place, file));
        if (content.isEmpty() || file.endsWith(".py")) {
            return;
        }
        try {
            ParamFile.parse(file, content.get()).values().forEach((key, value) -> {
                if (keys.isEmpty() || keys.contains(key)) {
                    values.put(key, value);
                }
            });
        } catch (ParamFileException e) {
            // then its values are not found
        }
    }

    /** The stages that one stands for: of each its name, where it runs and what it makes. */
    List<DvcStage> stages(DvcStage template) throws IOException {
        var declared = template.declared();
        var stages = new ArrayList<DvcStage>();
        if (declared.get("do") instanceof MapValue each) {
            for (var item :
                    items(declared.getOrDefault("foreach", ParamValue.ofNull())).entrySet()) {
                var inserted = Map.of("key", ParamValue.of(item.getKey()), "item", item.getValue());
                stage(template.name() + "@" + item.getKey(), each.entries(), inserted)
                        .ifPresent(stages::add);
            }
        } else if (declared.get("matrix") instanceof MapValue axes) {
            for (var item : product(axes).entrySet()) {
                var inserted = Map.of("key", ParamValue.of(item.getKey()), "item", item.getValue());
                stage(template.name() + "@" + item.getKey(), declared, inserted).ifPresent(stages::add);
            }
        } else {
            stage(template.name(), declared, Map.of()).ifPresent(stages::add);
        }
        return stages;
    }

    /** What a list or map, or what a variable has instead, holds: by the names that DVC gives to stages. */
    private Map<String, ParamValue> items(ParamValue list) {
        var items = new LinkedHashMap<String, ParamValue>();
        var whole = whole(list);
        if (whole instanceof MapValue map) {
            items.putAll(map.entries());
        } else if (whole instanceof ListValue all) {
            boolean isSimple = all.values().stream().allMatch(each -> text(each).isPresent());
            for (int i = 0; i < all.values().size(); i++) {
                var item = all.values().get(i);
                items.put(isSimple ? text(item).orElseThrow() : String.valueOf(i), item);
            }
        }
        return items;
    }

    private Map<String, ParamValue> product(MapValue axes) {
        Map<String, Map<String, ParamValue>> product = Map.of("", Map.of());
        for (var axis : axes.entries().entrySet()) {
            var longer = new LinkedHashMap<String, Map<String, ParamValue>>();
            var along = items(axis.getValue());
            for (var before : product.entrySet()) {
                for (var item : along.entrySet()) {
                    var extended = new LinkedHashMap<>(before.getValue());
                    extended.put(axis.getKey(), item.getValue());
                    longer.put(before.getKey() + (before.getKey().isEmpty() ? "" : "-") + item.getKey(), extended);
                }
            }
            if (longer.size() > MOST_STAGES) {
                return Map.of();
            }
            product = longer;
        }
        var all = new LinkedHashMap<String, ParamValue>();
        product.forEach((name, items) -> all.put(name, new MapValue(items)));
        return all;
    }

    private ParamValue whole(ParamValue value) {
        if (value instanceof StringValue text) {
            var variable = VARIABLE.matcher(text.value());
            return variable.matches() ? find(values, variable.group(1)).orElse(value) : value;
        }
        return value;
    }

    /** Empty if it is not known where it runs. */
    private Optional<DvcStage> stage(String name, Map<String, ParamValue> declared, Map<String, ParamValue> inserted)
            throws IOException {
        var context = new LinkedHashMap<>(values);
        context.putAll(inserted);
        addVars(context, folder, declared);
        var filled = new LinkedHashMap<String, ParamValue>();
        for (var section : SECTIONS) {
            var value = Optional.ofNullable(declared.get(section)).flatMap(each -> filled(each, context));
            if (declared.containsKey(section) && value.isEmpty()) {
                return Optional.empty();
            }
            value.ifPresent(each -> filled.put(section, each));
        }
        return Optional.of(new DvcStage(folder, name, filled));
    }

    /** Items of lists and maps that cannot be filled in are left out. */
    private static Optional<ParamValue> filled(ParamValue value, Map<String, ParamValue> context) {
        if (value instanceof StringValue text) {
            // options such as cache are true or false, and no text
            return flag(text.value(), context)
                    .or(() -> filled(text.value(), context).map(ParamValue::of));
        } else if (value instanceof ListValue list) {
            return Optional.of(ParamValue.of(list.values().stream()
                    .flatMap(each -> filled(each, context).stream())
                    .toList()));
        } else if (value instanceof MapValue map) {
            var entries = new LinkedHashMap<String, ParamValue>();
            map.entries()
                    .forEach((key, each) -> filled(key, context)
                            .ifPresent(name -> filled(each, context).ifPresent(child -> entries.put(name, child))));
            return Optional.of(new MapValue(entries));
        }
        return Optional.of(value);
    }

    private static Optional<ParamValue> flag(String text, Map<String, ParamValue> context) {
        var variable = VARIABLE.matcher(text);
        return variable.matches()
                ? find(context, variable.group(1)).filter(BooleanValue.class::isInstance)
                : Optional.empty();
    }

    private static Optional<String> filled(String text, Map<String, ParamValue> context) {
        var out = new StringBuilder();
        var matcher = VARIABLE.matcher(text);
        while (matcher.find()) {
            var value = find(context, matcher.group(1)).flatMap(StageTemplates::text);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value.get()));
        }
        return Optional.of(matcher.appendTail(out).toString());
    }

    /** @param path such as {@code model.layers[0].size} */
    private static Optional<ParamValue> find(Map<String, ParamValue> context, String path) {
        ParamValue found = new MapValue(context);
        for (var segment : path.replace('[', '.').replace("]", "").split("\\.", -1)) {
            if (found instanceof MapValue map && map.entries().containsKey(segment)) {
                found = map.entries().get(segment);
            } else if (found instanceof ListValue list
                    && segment.matches("\\d{1,9}")
                    && Integer.parseInt(segment) < list.values().size()) {
                found = list.values().get(Integer.parseInt(segment));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }

    /** As Python writes it. */
    private static Optional<String> text(ParamValue value) {
        if (value instanceof StringValue text) {
            return Optional.of(text.value());
        } else if (value instanceof LongValue number) {
            return Optional.of(String.valueOf(number.value()));
        } else if (value instanceof DoubleValue number) {
            return Optional.of(PythonFloat.of(number.value()));
        }
        return value instanceof BooleanValue flag ? Optional.of(String.valueOf(flag.value())) : Optional.empty();
    }
}
