package dev.moonboot.admin;

import java.util.List;

/** A group of endpoints. */
@FunctionalInterface
interface Resource {
  List<Endpoint> endpoints();
}
