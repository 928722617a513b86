package io.outfeed.examples;

import static io.outfeed.field.FieldMark.REQUIRED;
import static io.outfeed.field.FieldMark.SENSITIVE;
import static io.outfeed.field.Transformations.concatenate;
import static io.outfeed.field.Transformations.date;
import static io.outfeed.field.Transformations.lowerCase;
import static io.outfeed.field.Transformations.number;
import static io.outfeed.field.Transformations.strip;

import io.outfeed.ExportDefinition;
import io.outfeed.field.Fields;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A recipe of the README: what lies between the two marks is printed there. */
final class SharedFields {

    private SharedFields() {}

    enum Degree {
        BACHELOR,
        MASTER
    }

    record Address(String street, String city) {}

    record Person(
            String id,
            String first,
            @Nullable String last,
            @Nullable String email,
            LocalDate born,
            Address home) {}

    record Donor(Person person, BigDecimal total) {}

    record Alumnus(
            Person person,
            @Nullable Degree degree,
            @Nullable Address office) {}

    // shared-fields:begin
    static final Fields<Address> ADDRESS = Fields.builder(Address.class)
            .field("street", Address::street)
            .field("city", Address::city)
            .build();

    static final Fields<Person> CONTACT = Fields.builder(Person.class)
            .field("person_id", Person::id, REQUIRED)
            .field("name", concatenate(" ", Person::first, Person::last))
            .field("email", Person::email, strip().andThen(lowerCase()))
            .field("born", Person::born, date("MM/dd/yyyy"), SENSITIVE)
            .include("home_", Person::home, ADDRESS)
            .build();

    static ExportDefinition<Donor> donors(RecordSource<Donor> source) {
        return ExportDefinition.builder("donors", Donor.class)
                .source(source)
                .recordKey(donor -> donor.person().id())
                .watermark(Watermark.fullSnapshot())
                .fields(f ->
                        f.include(Donor::person, CONTACT).field("total", Donor::total, number(2, RoundingMode.HALF_UP)))
                .file(f -> f.name("donors-{sequence}.csv"))
                .build();
    }

    static ExportDefinition<Alumnus> alumni(RecordSource<Alumnus> source) {
        return ExportDefinition.builder("alumni", Alumnus.class)
                .source(source)
                .recordKey(alumnus -> alumnus.person().id())
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.include(Alumnus::person, CONTACT)
                        .include("office_", Alumnus::office, ADDRESS)
                        .matchCodes(
                                "degree",
                                Alumnus::degree,
                                c -> c.code(Degree.MASTER, "M").ifUnmatched("O").ifNull("U"))
                        .constant("origin", "crm")
                        .blank("class_year"))
                .file(f -> f.name("alumni-{sequence}.csv"))
                .build();
    }
    // shared-fields:end
}
