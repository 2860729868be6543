package dev.daybook.port;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keys that very many maps have in common, in their order: each of these maps is then no more than an array of values. A list of ten thousand
 * experiments is read in the time that their hash tables would take to make. Thread-safe.
 */
public final class SharedKeys<K> {

    private final List<K> keys;
    private final Map<K, Integer> places;
    private final Set<K> set;
    private volatile @Nullable SharedKeys<?> derived;

    /** @throws IllegalArgumentException if a key stands there twice */
    public SharedKeys(List<K> keys) {
        this.keys = List.copyOf(keys);
        this.places = new LinkedHashMap<>();
        this.keys.forEach(key -> places.put(key, places.size()));
        this.set = Collections.unmodifiableSet(places.keySet());
        if (places.size() < keys.size()) {
            throw new IllegalArgumentException("a key stands twice among " + keys);
        }
    }

    public List<K> keys() {
        return keys;
    }

    /** What is made of all keys together, made once; always to be asked for with the same function. */
    @SuppressWarnings("unchecked")
    public <L> SharedKeys<L> derived(Function<? super List<K>, ? extends List<L>> function) {
        var known = (SharedKeys<L>) derived;
        if (known == null) {
            known = new SharedKeys<>(function.apply(keys));
            derived = known;
        }
        return known;
    }

    /**
     * The map with these values, which cannot be changed; so must the values not be, from then on.
     *
     * @param values in the order of the keys
     */
    public <V> Values<K, V> with(V[] values) {
        if (values.length != keys.size()) {
            throw new IllegalArgumentException(values.length + " values for " + keys.size() + " keys");
        }
        return new Values<>(this, values);
    }

    /** The same map, if it is one that nobody can change any more; else a copy of which that is true. */
    public static <K, V> Map<K, V> frozen(Map<K, V> map) {
        return map instanceof Values ? map : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** A map of which the keys are shared. */
    public static final class Values<K, V> extends AbstractMap<K, V> {

        private final SharedKeys<K> shared;
        private final V[] values;

        private Values(SharedKeys<K> shared, V[] values) {
            this.shared = shared;
            this.values = values;
        }

        public SharedKeys<K> shared() {
            return shared;
        }

        @Override
        @SuppressWarnings("NullAway") // as every map
        public V get(@Nullable Object key) {
            var place = shared.places.get(key);
            return place == null ? null : values[place];
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return shared.places.containsKey(key);
        }

        @Override
        public int size() {
            return values.length;
        }

        /** The same set for all maps that share their keys. */
        @Override
        public Set<K> keySet() {
            return shared.set;
        }

        @Override
        public Collection<V> values() {
            return Collections.unmodifiableList(Arrays.asList(values));
        }

        @Override
        public void forEach(BiConsumer<? super K, ? super V> action) {
            for (int i = 0; i < values.length; i++) {
                action.accept(shared.keys.get(i), values[i]);
            }
        }

        @Override
        public Set<Entry<K, V>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public int size() {
                    return values.length;
                }

                @Override
                public Iterator<Entry<K, V>> iterator() {
                    return new Entries();
                }
            };
        }

        private final class Entries implements Iterator<Entry<K, V>> {

            private int next;

            @Override
            public boolean hasNext() {
                return next < values.length;
            }

            @Override
            public Entry<K, V> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var entry = new SimpleImmutableEntry<>(shared.keys.get(next), values[next]);
                next++;
                return entry;
            }
        }
    }
}
