package dev.daybook;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up names such as {@code candid-heron}; 3,600 of them, and numbering takes care of the rest. */
final class NameGenerator {

    private static final List<String> ADJECTIVES = words("agile amber ample balmy blithe bold brisk calm candid cheery"
            + " civil clever cosmic cozy crisp daring deft dewy eager earnest fabled fleet fluent frank gentle glad"
            + " golden hardy honest humble jolly keen kindly limber lively lucid lucky mellow merry mighty modest nimble"
            + " noble patient placid plucky polite proud quick quiet robust serene silver sly smooth spry steady sunny"
            + " tidy witty");

    private static final List<String> NOUNS = words("alder aspen badger beacon birch bison brook canyon cedar comet"
            + " condor coral crane cricket delta dune egret ember falcon fern finch fjord glacier grove harbor hazel heron"
            + " ibis isle jay juniper kestrel lagoon lantern larch lynx magpie maple marten meadow minnow nebula oriole"
            + " osprey otter pebble pine plover puffin quartz quill raven reef ridge robin sparrow summit thicket walnut"
            + " willow");

    private NameGenerator() {}

    static String next(RandomGenerator random) {
        return pick(ADJECTIVES, random) + "-" + pick(NOUNS, random);
    }

    private static String pick(List<String> words, RandomGenerator random) {
        return words.get(random.nextInt(words.size()));
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
