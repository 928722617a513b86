package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Inspection;
import io.outfeed.internal.delivery.RenameVerdict.Target;
import io.outfeed.run.file.PublicationRequest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The uploaded file has 10 bytes. */
class FileIdentityTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    /** Such as {@code 10 5 a}: size, minutes after noon, key; a dash for what is not said. */
    private static Inspection inspection(String text) {
        String[] words = text.split(" ", 3);
        return switch (words[0]) {
            case "missing" -> Inspection.missing();
            case "gone" -> Inspection.directoryMissing();
            case "folder" -> Inspection.other();
            case "?" -> Inspection.notSaid();
            default ->
                Inspection.present(
                        Long.parseLong(words[0]),
                        said(words[1]).map(minutes -> NOON.plusSeconds(60L * Integer.parseInt(minutes))),
                        said(words[2]));
        };
    }

    private static Optional<String> said(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(word);
    }

    private static Target target(String temporary, String occupant, String now, @Nullable Boolean sameContent) {
        PublicationRequest request = PublicationRequest.intended(NOON, inspection(temporary), inspection(occupant));
        return FileIdentity.of(request, inspection(now), 10, () -> {
            assertThat(sameContent).as("read back").isNotNull();
            return Boolean.TRUE.equals(sameContent);
        });
    }

    @ParameterizedTest(name = "uploaded {0}, was {1}, is {2}: {3}")
    @CsvSource({
        // the key decides, whatever else is said
        "10 0 a, missing, 10 0 a, OURS",
        "10 0 a, 10 0 b, 10 5 a, OURS",
        "10 0 a, ?, 10 0 a, OURS",
        "10 0 a, missing, 10 0 b, NOT_OURS",
        "10 0 a, 10 0 b, 10 0 b, NOT_OURS",
        // another size is another file
        "10 0 a, missing, 9 0 a, NOT_OURS",
        "10 0 -, missing, 11 0 -, NOT_OURS",
        // without a key: another file than before, with size and time of the uploaded one
        "10 0 -, missing, 10 0 -, OURS",
        "10 0 -, gone, 10 0 -, OURS",
        "10 0 -, folder, 10 0 -, OURS",
        "10 1 -, 10 0 -, 10 1 -, OURS",
        "10 0 -, 7 0 -, 10 0 -, OURS",
        "10 0 a, missing, 10 0 -, OURS",
        // what was there before: a file with a header only, of yesterday
        "10 0 -, 10 0 -, 10 0 -, NOT_OURS",
        "10 - -, 10 - -, 10 - -, NOT_OURS",
        "10 0 -, ?, 10 0 -, NOT_OURS",
        // nothing that could be ours
        "10 0 -, missing, missing, NOT_OURS",
        "10 0 -, 10 0 -, gone, NOT_OURS",
        "10 0 -, missing, folder, NOT_OURS",
        "10 0 a, missing, ?, NOT_SAID",
    })
    void should_recognize_a_file_without_reading_it(String temporary, String occupant, String now, Target expected) {
        assertThat(target(temporary, occupant, now, null)).isEqualTo(expected);
    }

    @Test
    void should_read_a_file_back_that_has_another_time_or_none() {
        assertThat(target("10 0 -", "missing", "10 1 -", true)).isEqualTo(Target.OURS);
        assertThat(target("10 - -", "missing", "10 - -", true)).isEqualTo(Target.OURS);
        assertThat(target("?", "missing", "10 0 -", true)).isEqualTo(Target.OURS);
        assertThat(target("10 0 -", "missing", "10 1 -", false)).isEqualTo(Target.NOT_OURS);
    }
}
