package dev.moonboot.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.moonboot.assets.Composition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/architecture.md says the same in words; this holds it. */
class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .withImportOption(location -> !location.contains("/rpc/pb/")) // written by protoc
          .importPackages("dev.moonboot");

  @Test
  void packages_form_no_cycle() {
    slices().matching("dev.moonboot.(**)").should().beFreeOfCycles().check(CODE);
  }

  /** Package, then the packages of ours it may use. */
  static Stream<Arguments> allowed() {
    return Stream.of(
        arguments("assets", List.of()),
        arguments("files", List.of("json")),
        arguments("json", List.of()),
        arguments("yaml", List.of("json")),
        arguments("program", List.of()),
        arguments("assets.tree", List.of()),
        arguments("assets.squashfs", List.of("assets.tree")),
        arguments("assets.schematic", List.of("assets", "json", "yaml")),
        arguments("assets.registry", List.of("assets", "json")),
        arguments("assets.extract", List.of("assets", "assets.tree")),
        arguments(
            "assets.extension", List.of("assets", "assets.tree", "assets.extract", "yaml", "json")),
        arguments(
            "assets.compose",
            List.of(
                "assets",
                "assets.tree",
                "assets.squashfs",
                "assets.extract",
                "assets.extension",
                "json",
                "program",
                "yaml")),
        arguments("assets.iso", List.of("assets", "assets.tree", "program")),
        arguments("assets.verify", List.of("assets", "assets.registry", "json")),
        arguments(
            "assets.build",
            List.of(
                "assets",
                "assets.tree",
                "assets.registry",
                "assets.extract",
                "assets.extension",
                "assets.compose",
                "assets.iso",
                "assets.schematic",
                "files",
                "json",
                "program")),
        arguments("assets.store", List.of("assets", "files", "json")),
        arguments(
            "assets.cache",
            List.of(
                "assets",
                "assets.registry",
                "assets.verify",
                "assets.extract",
                "assets.extension",
                "assets.tree",
                "assets.compose",
                "assets.build",
                "assets.schematic",
                "assets.store",
                "program",
                "files",
                "json")),
        arguments("node", List.of()),
        arguments("config", List.of()),
        arguments("metrics", List.of()),
        arguments("journal", List.of("assets", "config", "files", "json", "metrics", "node")),
        arguments("template", List.of()),
        arguments("ignition", List.of("config", "json")),
        arguments("openpgp", List.of("config")),
        arguments(
            "profile", List.of("assets", "node", "config", "files", "journal", "json", "template")),
        arguments(
            "provision",
            List.of("config", "ignition", "json", "metrics", "node", "profile", "template")),
        arguments(
            "release",
            List.of("assets", "config", "files", "journal", "json", "metrics", "profile")),
        arguments(
            "installer",
            List.of("assets", "assets.verify", "factory", "files", "json", "release", "yaml")),
        arguments("boot", List.of("assets", "config", "node", "profile", "release", "template")),
        arguments(
            "http",
            List.of(
                "assets",
                "assets.schematic",
                "boot",
                "config",
                "factory",
                "firmware",
                "installer",
                "journal",
                "json",
                "metrics",
                "node",
                "openpgp",
                "provision",
                "release",
                "secret",
                "tls")),
        arguments(
            "secret", List.of("assets", "boot", "config", "journal", "json", "node", "profile")),
        arguments(
            "admin",
            List.of(
                "assets",
                "boot",
                "config",
                "files",
                "firmware",
                "http",
                "installer",
                "journal",
                "json",
                "metrics",
                "node",
                "profile",
                "release",
                "secret")),
        arguments(
            "tftp",
            List.of(
                "assets",
                "boot",
                "config",
                "firmware",
                "journal",
                "metrics",
                "node",
                "release",
                "udp")),
        arguments("udp", List.of()),
        arguments(
            "firmware",
            List.of(
                "assets", "boot", "config", "journal", "metrics", "node", "profile", "release")),
        arguments(
            "raspberrypi",
            List.of(
                "assets",
                "boot",
                "config",
                "firmware",
                "journal",
                "json",
                "node",
                "profile",
                "release")),
        arguments("ec2", List.of("assets", "profile")),
        arguments("snippet", List.of("firmware")),
        arguments("diagnosis", List.of("json")),
        arguments(
            "dhcp", List.of("assets", "config", "firmware", "journal", "metrics", "node", "udp")),
        arguments("talos", List.of("config", "journal", "json", "metrics", "node")),
        arguments("tls", List.of("config")),
        arguments(
            "factory",
            List.of("assets", "assets.schematic", "assets.verify", "config", "files", "json")),
        arguments(
            "rpc",
            List.of(
                "assets", "config", "files", "journal", "json", "metrics", "node", "profile",
                "rpc.pb", "tls")),
        arguments(
            "migrate",
            List.of("assets", "boot", "files", "ignition", "json", "node", "profile", "secret")),
        arguments("cli", List.of("assets", "config", "json")),
        arguments("demo", List.of("assets", "assets.compose", "json")));
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void a_package_uses_only_what_it_may(String name, List<String> may) {
    String[] ours =
        Stream.concat(Stream.of(name), may.stream())
            .map(p -> "dev.moonboot." + p)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage("dev.moonboot." + name)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(ours).or(not(resideInAnyPackage("dev.moonboot.."))))
        .check(CODE);
  }

  @Test
  void every_package_is_in_the_table() {
    var listed = allowed().map(row -> "dev.moonboot." + row.get()[0]).collect(toSet());
    listed.add("dev.moonboot.server"); // wires all parts, so it may use anything
    assertEquals(listed, CODE.stream().map(JavaClass::getPackageName).collect(toSet()));
  }

  /** Library, then the packages that may use it: one, or as many as there are good reasons. */
  static Stream<Arguments> doors() {
    return Stream.of(
        arguments("com.fasterxml.jackson..", List.of("dev.moonboot.json")),
        arguments("com.google.cloud.tools.jib..", List.of("dev.moonboot.assets.registry")),
        arguments("com.google.common..", List.of("dev.moonboot.assets.registry")),
        // Registries are asked by rules of their own; the command line asks only our own listener.
        arguments("java.net.http..", List.of("dev.moonboot.assets.registry", "dev.moonboot.cli")),
        arguments("dev.sigstore..", List.of("dev.moonboot.assets.verify")),
        arguments("org.bouncycastle..", List.of("dev.moonboot.openpgp")),
        arguments("io.grpc..", List.of("dev.moonboot.rpc")),
        arguments("com.google.protobuf..", List.of("dev.moonboot.rpc")),
        arguments(
            "org.tukaani..",
            List.of(
                "dev.moonboot.assets.compose",
                "dev.moonboot.assets.extract",
                "dev.moonboot.assets.squashfs")),
        arguments(
            "com.github.luben..",
            List.of(
                "dev.moonboot.assets.compose",
                "dev.moonboot.assets.extract",
                "dev.moonboot.assets.squashfs")),
        arguments("io.helidon.webserver..", List.of("dev.moonboot.http")),
        arguments("io.helidon.config..", List.of("dev.moonboot.config")),
        arguments("org.snakeyaml..", List.of("dev.moonboot.config", "dev.moonboot.yaml")),
        // For UDP, and what grpc-java stands on.
        arguments(
            "io.netty..",
            List.of(
                "dev.moonboot.udp", "dev.moonboot.tftp", "dev.moonboot.dhcp", "dev.moonboot.rpc")),
        arguments("io.micrometer..", List.of("dev.moonboot.metrics")),
        arguments("com.sun.net.httpserver..", List.of("dev.moonboot.demo")),
        // The service's own commands, and those that call a running service.
        arguments("picocli..", List.of("dev.moonboot.server", "dev.moonboot.cli")));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void a_library_comes_in_by_its_doors(String library, List<String> doors) {
    noClasses()
        .that()
        .resideOutsideOfPackages(doors.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CODE);
  }

  @Test
  void classes_are_closed() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .haveModifier(FINAL)
        .orShould()
        .haveModifier(ABSTRACT)
        .check(CODE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Manager", "Helper", "Util", "Utils", "Impl", "Abstract", "Base", "Service"})
  void names_say_what_a_class_is(String vague) {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Composition.Base.class.getName()) // a word of the glossary
        .should()
        .haveSimpleNameEndingWith(vague)
        .check(CODE);
  }

  @Test
  void nothing_deserializes_objects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(CODE);
  }
}
