package io.outfeed.spring;

import io.outfeed.ExportDefinition;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;

/** The record of these tests. */
record Contact(long id, String name, String status, Instant updatedAt) {

    static ListSource<Contact> source() {
        return ListSource.create(Contact::id, Contact::updatedAt);
    }

    /** The export of contacts, with columns, codes and a file name that a layout may choose. */
    static ExportDefinition<Contact> export(ListSource<Contact> source) {
        return ExportDefinition.builder("contacts", Contact.class)
                .source(source)
                .recordKey(Contact::id)
                .watermark(Watermark.timestamp(Contact::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Contact::id).field("name", Contact::name))
                .file(f -> f.name("contacts-{sequence}.csv"))
                .choices(c -> c.fields(f -> f.field("status", Contact::status))
                        .standardTransformations()
                        .standardFormats()
                        .standardTransforms()
                        .fileName())
                .build();
    }
}
