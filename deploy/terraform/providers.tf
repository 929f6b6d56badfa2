terraform {
  required_version = ">= 1.5"

  required_providers {
    matchbox = {
      source  = "poseidon/matchbox"
      version = "0.5.4"
    }
  }
}

# moonboot speaks matchbox's gRPC API: the provider is the one for matchbox, unchanged.
provider "matchbox" {
  # Host and port, without https://. The host stands in the server's certificate (SAN).
  endpoint    = var.endpoint
  client_cert = file("${var.certificates}/client.crt")
  client_key  = file("${var.certificates}/client.key")
  ca          = file("${var.certificates}/ca.crt")
}
