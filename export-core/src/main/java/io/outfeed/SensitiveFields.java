package io.outfeed;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.field.FieldMapping;
import io.outfeed.internal.check.Problems;
import java.util.List;

/** Checks that sensitive fields are sent by protected deliveries only. */
final class SensitiveFields {

    private SensitiveFields() {}

    /** Reports the definitions with sensitive fields that a plain delivery would send. */
    static void check(List<ExportDefinition<?>> definitions, List<Delivery> deliveries, Problems problems) {
        for (ExportDefinition<?> definition : definitions) {
            List<String> sensitive = definition.fields().mappings().stream()
                    .filter(FieldMapping::sensitive)
                    .map(field -> "'" + field.header() + "'")
                    .toList();
            if (sensitive.isEmpty()) {
                continue;
            }
            for (Delivery delivery : deliveries) {
                problems.addIf(
                        delivery.protection() == Protection.PLAIN,
                        (sensitive.size() == 1 ? "field " : "fields ") + String.join(", ", sensitive)
                                + " of definition '" + definition.name()
                                + "' may leave only by a protected delivery,"
                                + " and delivery '" + delivery.id() + "' is plain: deliver by SFTP; or leave the "
                                + (sensitive.size() == 1 ? "field" : "fields")
                                + " out; or mask or hash the value and remove the mark SENSITIVE; or, if you know"
                                + " that the delivery is protected, let the delivery's protection() say so");
            }
        }
    }
}
