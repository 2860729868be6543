package dev.daybook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.vavr.collection.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {

    private static final JavaClasses CORE = ArchitectureRules.mainClassesOf("dev.daybook");

    @Test
    void the_classes_of_core_and_no_tests_were_imported() {
        assertThat(CORE.stream().map(JavaClass::getPackageName).distinct().toList())
                .contains("dev.daybook", "dev.daybook.lifecycle", "dev.daybook.port", "dev.daybook.codec");
        assertThat(CORE.contain(ArchitectureTest.class)).isFalse();
        assertThat(CORE.contain(DaybookException.class)).isTrue();
    }

    @Test
    void every_package_is_null_marked_free_of_cycles_and_throws_what_it_says() {
        ArchitectureRules.all(CORE);
    }

    @Test
    void core_knows_neither_chronicle_nor_git() {
        ArchitectureRules.coreKnowsNeitherChronicleNorGit().check(CORE);
    }

    @Test
    void the_lifecycle_is_pure() {
        ArchitectureRules.lifecycleIsPure().check(CORE);
    }

    @Test
    void the_public_face_shows_nothing_of_vavr() {
        ArchitectureRules.vavrIsInNoSignatureOf("dev.daybook").check(CORE);
    }

    @Test
    void the_rules_see_what_they_forbid() {
        var bad = new ClassFileImporter().importClasses(ShowsVavr.class);
        assertThatThrownBy(() ->
                        ArchitectureRules.vavrIsInNoSignatureOf("dev.daybook").check(bad))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ShowsVavr.field shows io.vavr.collection.List")
                .hasMessageContaining("ShowsVavr.inArgument(java.util.Optional) shows io.vavr.collection.List")
                .hasMessageContaining("ShowsVavr.result() shows io.vavr.collection.List")
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> ArchitectureRules.publicExceptionsAreDaybookExceptions()
                        .check(new ClassFileImporter().importClasses(Stray.class)))
                .hasMessageContaining("Stray");
        assertThatThrownBy(() -> ArchitectureRules.vavrIsInNoSignatureOf("dev.daybook.lifecycle")
                        .check(CORE))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> ArchitectureRules.lifecycleIsPure()
                        .check(new ClassFileImporter().importPackages("dev.daybook.lifecycle.impure")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.time.Instant.now()")
                .hasMessageContaining("java.util.Random")
                .hasMessageContaining("java.nio.file.Path");
    }

    public static class ShowsVavr {
        protected List<String> field = List.empty();

        public int inArgument(Optional<List<String>> list) {
            return list.map(List::size).orElse(0);
        }

        public List<?> result() {
            return field;
        }

        List<String> hidden() {
            return field;
        }
    }

    public static final class Stray extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
