package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import java.util.AbstractList;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/** An array as a list that writes into it. */
final class ItemList<T> extends AbstractList<T> implements RandomAccess {
    private final RArray array;
    private final Function<Json, T> fromJson;

    ItemList(RArray array, Function<Json, T> fromJson) {
        this.array = array;
        this.fromJson = fromJson;
    }

    @Override
    public T get(int index) {
        return fromJson.apply(array.get(index));
    }

    @Override
    public int size() {
        return array.size();
    }

    @Override
    public T set(int index, T value) {
        return fromJson.apply(array.set(index, (Object) ItemValues.of(value)));
    }

    @Override
    public void add(int index, T value) {
        modCount++;
        array.spliceAll(index, 0, List.of(ItemValues.of(value)));
    }

    @Override
    public T remove(int index) {
        modCount++;
        return fromJson.apply(array.remove(index));
    }

    @Override
    public boolean addAll(Collection<? extends T> values) {
        return addAll(size(), values);
    }

    /** One update for all. */
    @Override
    public boolean addAll(int index, Collection<? extends T> values) {
        modCount++;
        array.spliceAll(index, 0, ItemValues.all(values));
        return !values.isEmpty();
    }

    /** One update for all. */
    @Override
    protected void removeRange(int from, int to) {
        modCount++;
        array.spliceAll(from, to - from, List.of());
    }
}
