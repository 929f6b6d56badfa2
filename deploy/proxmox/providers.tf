terraform {
  required_version = ">= 1.5"

  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = ">= 0.66, < 1.0"
    }
  }
}

# A token with Sys.Audit, Sys.Modify and Datastore.AllocateTemplate, and VM.* for the machines: it comes from the
# environment, PROXMOX_VE_API_TOKEN, so that it stands in no file.
provider "proxmox" {
  endpoint = var.endpoint
}
