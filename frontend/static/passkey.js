// Passkeys: a button with data-passkey makes one or signs in with one. Without them, or without script, it stays hidden.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseCreationOptionsFromJSON) return
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false
    button.addEventListener("click", async () => {
      const said = document.getElementById("passkey-said")
      const post = async (path, body) => {
        const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) })
        const value = await answer.json()
        if (!answer.ok) throw new Error(value.detail || value.title)
        return value
      }
      try {
        const { publicKey } = await post(button.dataset.begin, {})
        const credential = button.dataset.passkey === "make"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) })
        const { next } = await post(button.dataset.end, credential.toJSON())
        location.assign(next)
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? said.dataset.cancelled : error.message
      }
    })
  }
})
