package dev.daybook.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedKeysTest {

    private final SharedKeys<String> keys = new SharedKeys<>(List.of("b", "a", "c"));

    @Test
    void a_map_of_shared_keys_is_a_map_like_any_other() {
        var map = keys.with(new Integer[] {1, 2, 3});
        var same = new LinkedHashMap<String, Integer>();
        same.put("b", 1);
        same.put("a", 2);
        same.put("c", 3);

        assertThat(map).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
        assertThat(same).isEqualTo(map);
        assertThat(map.keySet()).containsExactly("b", "a", "c");
        assertThat(map.values()).containsExactly(1, 2, 3);
        assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(same.entrySet()));
        var seen = new ArrayList<String>();
        map.forEach((key, value) -> seen.add(key + value));
        assertThat(seen).containsExactly("b1", "a2", "c3");
        assertThat(map.get("x")).isNull();
        assertThat(map.containsKey("x")).isFalse();
        assertThat(map.containsKey("a")).isTrue();
    }

    @Test
    void nobody_can_change_it() {
        var map = keys.with(new Integer[] {1, 2, 3});

        assertThatThrownBy(() -> map.put("a", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.keySet().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(4))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void it_may_hold_null_as_parameters_do() {
        var map = keys.with(new Integer[] {null, 2, 3});
        var same = new HashMap<String, Integer>();
        same.put("b", null);
        same.putAll(Map.of("a", 2, "c", 3));

        assertThat(map).isEqualTo(same);
        assertThat(map.containsKey("b")).isTrue();
    }

    @Test
    void the_keys_are_one_set_whatever_the_values() {
        assertThat(keys.with(new Integer[] {1, 2, 3}).keySet())
                .isSameAs(keys.with(new String[] {"x", "y", "z"}).keySet());
    }

    @Test
    void what_is_derived_is_made_once() {
        var upper = keys.derived(all -> all.stream().map(key -> key + "!").toList());

        assertThat(upper.keys()).containsExactly("b!", "a!", "c!");
        assertThat(keys.<String>derived(all -> {
                    throw new AssertionError("again");
                }))
                .isSameAs(upper);
    }

    @Test
    void frozen_is_a_copy_of_what_somebody_may_change() {
        var map = new HashMap<>(Map.of("a", 1));
        var frozen = SharedKeys.frozen(map);
        map.put("a", 2);
        var shared = keys.with(new Integer[] {1, 2, 3});

        assertThat(frozen).isEqualTo(Map.of("a", 1));
        assertThatThrownBy(() -> frozen.put("b", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(SharedKeys.frozen(shared)).isSameAs(shared);
    }

    @Test
    void a_key_stands_there_once_and_has_a_value() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SharedKeys<>(List.of("a", "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> keys.with(new Integer[] {1}));
    }
}
