package io.outfeed.examples;

import io.outfeed.field.Fields;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/** A record whose values all come of its number: twenty columns. */
record Gift(long number) {

    private static final Instant FIRST_CHANGE = Instant.parse("2020-01-01T00:00:00Z");
    private static final String[] FUNDS = {"Annual", "Library", "Boat house, old", "Scholarship \"1998\"", "Zürich 🎓"};

    Instant updatedAt() {
        return FIRST_CHANGE.plusSeconds(number);
    }

    LocalDate givenOn() {
        return LocalDate.EPOCH.plusDays(number % 20_000);
    }

    BigDecimal amount() {
        return BigDecimal.valueOf(number % 10_000_000, 2);
    }

    String fund() {
        return FUNDS[(int) (number % FUNDS.length)];
    }

    boolean anonymous() {
        return number % 7 == 0;
    }

    static void fields(Fields.Builder<Gift> fields) {
        for (int part = 1; part <= 4; part++) {
            String suffix = "_" + part;
            long factor = part;
            fields.field("gift_id" + suffix, gift -> gift.number() * factor)
                    .field("given_on" + suffix, Gift::givenOn)
                    .field("amount" + suffix, Gift::amount)
                    .field("fund" + suffix, Gift::fund)
                    .matchCodes(
                            "anonymous" + suffix,
                            Gift::anonymous,
                            c -> c.code(true, "Y").code(false, "N"));
        }
    }
}
