package dev.daybook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * What must be true of the classes of every module. A module's test imports {@link #mainClassesOf its classes} and checks the rules that
 * are its own; {@link #all} are those that each module keeps.
 */
public final class ArchitectureRules {

    private static final Set<String> READERS_OF_THE_CLOCK = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.getProperty",
            "java.lang.System.getenv",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.UUID.randomUUID",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.Collections.shuffle");

    private ArchitectureRules() {}

    /** The main classes of a module, which hold a package; tests and their jars are left out. */
    public static JavaClasses mainClassesOf(String... packages) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(packages);
    }

    /** Checks what every module keeps. */
    public static void all(JavaClasses classes) {
        everyPackageIsNullMarked(classes);
        noCyclesBetweenPackages().check(classes);
        publicExceptionsAreDaybookExceptions().check(classes);
    }

    /** Journal and Git are behind the ports. */
    public static ArchRule coreKnowsNeitherChronicleNorGit() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.daybook", "dev.daybook.lifecycle..", "dev.daybook.port..", "dev.daybook.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "net.openhft..", "org.eclipse.jgit..", "dev.daybook.journal..", "dev.daybook.git..");
    }

    /** The folds and the decider are pure. */
    public static ArchRule lifecycleIsPure() {
        return noClasses()
                .that()
                .resideInAPackage("dev.daybook.lifecycle..")
                .should()
                .dependOnClassesThat(named(
                        "a clock, files, the net or randomness",
                        type -> type.getPackageName().startsWith("java.io")
                                        && !type.getName().equals("java.io.Serializable")
                                || type.getPackageName().startsWith("java.nio.file")
                                || type.getPackageName().startsWith("java.nio.channels")
                                || type.getPackageName().startsWith("java.net")
                                || type.isAssignableTo(java.util.random.RandomGenerator.class)
                                || type.isAssignableTo(java.time.Clock.class)
                                || type.isAssignableTo(java.time.InstantSource.class)))
                .orShould()
                .callMethodWhere(named(
                        "it reads the clock, the environment or randomness",
                        call -> READERS_OF_THE_CLOCK.contains(nameOf(call))));
    }

    private static String nameOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getName();
    }

    private static <T> DescribedPredicate<T> named(String description, java.util.function.Predicate<? super T> test) {
        return DescribedPredicate.describe(description, test);
    }

    /** Users who bring another Vavr, or none, see nothing of ours. */
    public static ArchRule vavrIsInNoSignatureOf(String packageName) {
        return classes().that().resideInAPackage(packageName).should(new ArchCondition<>("show nothing of Vavr") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isVisible(type.getModifiers())) {
                    return;
                }
                Stream.concat(
                                Stream.of(type.getInterfaces(), type.getTypeParameters()),
                                type.getSuperclass().stream().map(Set::of))
                        .flatMap(Collection::stream)
                        .forEach(shown -> report(events, type, type.getFullName(), Stream.of((JavaType) shown)));
                for (JavaField field : type.getFields()) {
                    if (isVisible(field.getModifiers())) {
                        report(events, type, field.getFullName(), Stream.of(field.getType()));
                    }
                }
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (isVisible(unit.getModifiers()) && !unit.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                        var thrown = unit.getThrowsClause().getTypes().stream().map(each -> (JavaType) each);
                        var own = Stream.concat(Stream.of(unit.getReturnType()), unit.getTypeParameters().stream());
                        var all = Stream.concat(Stream.concat(own, unit.getParameterTypes().stream()), thrown);
                        report(events, type, unit.getFullName(), all);
                    }
                }
            }
        });
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    /** Type arguments and bounds are among the raw types involved. */
    private static void report(ConditionEvents events, JavaClass type, String where, Stream<? extends JavaType> shown) {
        shown.flatMap(each -> each.getAllInvolvedRawTypes().stream())
                .filter(raw -> raw.getPackageName().startsWith("io.vavr"))
                .distinct()
                .forEach(raw -> events.add(SimpleConditionEvent.violated(type, where + " shows " + raw.getName())));
    }

    /** Each package is a slice of its own, the root package too. */
    public static ArchRule noCyclesBetweenPackages() {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith("dev.daybook")
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    /** The root package names its users' errors; inner packages may have exceptions of their own that the face turns into these. */
    public static ArchRule publicExceptionsAreDaybookExceptions() {
        return classes()
                .that()
                .resideInAnyPackage("dev.daybook", "dev.daybook.git", "dev.daybook.cli")
                .and()
                .arePublic()
                .and()
                .areAssignableTo(Throwable.class)
                .should()
                .beAssignableTo("dev.daybook.DaybookException")
                .allowEmptyShould(true); // a module may have none
    }

    /** Not an {@link ArchRule}: packages without a package-info are not among the classes. */
    public static void everyPackageIsNullMarked(JavaClasses classes) {
        var packages = classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        var bare = new TreeSet<String>();
        for (var each : packages) {
            if (each.tryGetPackageInfo().isEmpty() || !each.isAnnotatedWith(NullMarked.class)) {
                bare.add(each.getName());
            }
        }
        if (packages.isEmpty() || !bare.isEmpty()) {
            throw new AssertionError(
                    "packages without @NullMarked on their package-info: " + bare + " of " + packages.size());
        }
    }
}
