package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutCodes;
import io.outfeed.layout.LayoutColumn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Layouts in JSON and YAML, and the schema that describes them. */
class LayoutDocumentsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Layout.jsonSchema(), InputFormat.JSON);

    private static final String GUIDE = "docs/guide/layouts.md";

    private static final Layout LAYOUT = Layout.builder()
            .column("student_id")
            .column("birth_date", c -> c.header("Date of birth").transform("date", Map.of("pattern", "dd.MM.yyyy")))
            .column("name", c -> c.transform("strip").transform("maxLength", Map.of("length", 40)))
            .column(
                    "status",
                    c -> c.codes(LayoutCodes.of(Map.of("APPROVED", "1", "WITHDRAWN", "2"))
                            .ifUnmatched("9")))
            .column("program", c -> c.codes(LayoutCodes.table("programs")))
            .column(LayoutColumn.constant("Source", "SIS"))
            .column(LayoutColumn.blank("Reserved"))
            .filter("grade", List.of("9", "10"))
            .format("csv", Map.of("delimiter", ";", "quote", "single"))
            .fileName("students-{fire:yyyyMMdd}.csv.gz")
            .transform("gzip", Map.of())
            .build();

    private static Map<String, Object> yaml(String text) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    private static List<Error> problems(String json) {
        return SCHEMA.validate(json, InputFormat.JSON);
    }

    @Test
    void should_be_the_same_layout_in_json_in_yaml_and_in_java() throws Exception {
        assertThat(Layout.of(yaml(Readme.block(GUIDE, "## A layout", "yaml")))).isEqualTo(LAYOUT);
        assertThat(Layout.of(JSON.readValue(JSON.writeValueAsString(LAYOUT.toTree()), TREE)))
                .isEqualTo(LAYOUT);
        assertThat(Layout.of(yaml(new Yaml().dump(LAYOUT.toTree())))).isEqualTo(LAYOUT);
    }

    @Test
    void should_have_a_schema_that_takes_what_can_be_read() throws Exception {
        assertThat(problems(JSON.writeValueAsString(LAYOUT.toTree()))).isEmpty();
        assertThat(problems(JSON.writeValueAsString(yaml(Readme.block(GUIDE, "## A layout", "yaml")))))
                .isEmpty();
        assertThat(problems("{}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"column\": []}",
                "{\"columns\": [{\"header\": \"x\"}]}",
                "{\"columns\": [{\"field\": \"id\", \"constant\": \"x\"}]}",
                "{\"columns\": [{\"blank\": false, \"header\": \"x\"}]}",
                "{\"columns\": [{\"constant\": 7, \"header\": \"x\"}]}",
                "{\"columns\": [{\"field\": \"id\", \"codes\": {}}]}",
                "{\"columns\": [{\"field\": \"id\", \"codes\": {\"A\": 1}}]}",
                "{\"columns\": [{\"field\": \"id\", \"codes\": {\"A\": \"1\"}, \"ifUnmatched\": \"guess\"}]}",
                "{\"columns\": [{\"field\": \"id\", \"transform\": {\"a\": {}, \"b\": {}}}]}",
                "{\"filter\": {\"grade\": [9]}}",
                "{\"format\": {\"csv\": \"x\"}}",
                "{\"fileName\": 1}",
                "{\"transforms\": {}}"
            })
    void should_have_a_schema_that_refuses_what_can_not_be_read(String json) {
        assertThat(problems(json)).isNotEmpty();
        assertThat(catchThrowable(() -> Layout.of(JSON.readValue(json, TREE))))
                .isInstanceOf(InvalidDefinitionException.class);
    }
}
