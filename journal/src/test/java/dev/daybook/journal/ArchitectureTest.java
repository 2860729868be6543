package dev.daybook.journal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.daybook.ArchitectureRules;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {

    private static final JavaClasses MODULE = ArchitectureRules.mainClassesOf("dev.daybook.journal");

    @Test
    void the_classes_of_this_module_and_no_tests_were_imported() {
        assertThat(MODULE.stream().map(JavaClass::getPackageName).distinct()).containsExactly("dev.daybook.journal");
        assertThat(MODULE.contain(ArchitectureTest.class)).isFalse();
        assertThat(MODULE.contain(ChronicleJournal.class)).isTrue();
    }

    @Test
    void every_package_is_null_marked_free_of_cycles_and_throws_what_it_says() {
        ArchitectureRules.all(MODULE);
    }

    @Test
    void the_journal_knows_nothing_of_git() {
        nobodyKnows("org.eclipse.jgit..", "dev.daybook.git..", "dev.daybook.cli..")
                .check(MODULE);
    }

    @Test
    void chronicle_is_known_to_the_writer_of_the_queue_and_who_opens_the_jvm_and_unmaps_for_it() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(QueueWriter.class, JvmAccess.class, Window.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .check(MODULE);
    }

    @Test
    void the_journal_keeps_bytes_and_decides_nothing() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.daybook.lifecycle.Decider")
                .check(MODULE);
    }

    @Test
    void the_rules_see_what_they_forbid() {
        assertThatThrownBy(() -> nobodyKnows("net.openhft..").check(MODULE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("QueueWriter");
    }

    private static ArchRule nobodyKnows(String... packages) {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage(packages);
    }
}
