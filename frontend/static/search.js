// Chosen suggestions of the search box lead straight to what they name; a changed filter is applied at once.
let leaving = false
document.addEventListener('combobox-commit', (event) => {
  const address = event.target.closest?.('.searchbox [data-href]')?.dataset.href
  if (!address) return
  leaving = true
  location.assign(address)
})
document.addEventListener('submit', (event) => {
  if (leaving && event.target.matches('.searchbox')) event.preventDefault()
})
document.addEventListener('change', (event) => {
  if (event.target.matches?.('.facets input[type=checkbox]')) event.target.form.requestSubmit()
})
// A menu closes when one goes elsewhere, or by Escape.
const shut = (except) => document.querySelectorAll('details.menu[open]').forEach((menu) => { if (!menu.contains(except)) menu.open = false })
document.addEventListener('click', (event) => shut(event.target))
document.addEventListener('focusin', (event) => shut(event.target))
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' && document.activeElement.closest?.('details.menu[open]')
  if (!menu) return
  menu.open = false
  menu.querySelector('summary').focus()
})
// A record that was just saved is kept in this browser no longer.
if (/^#(recorded|saved)-now$/.test(location.hash)) {
  try {
    localStorage.removeItem('draft ' + location.pathname + '/edit')
    localStorage.removeItem('draft /agreements/new')
  } catch { /* none */ }
  document.getElementById('recorded-now')?.focus()
}
// Suggestions close when one goes on.
document.addEventListener('focusout', (event) => {
  const box = event.target.closest?.('auto-complete')
  if (box && !box.contains(event.relatedTarget)) setTimeout(() => { box.open = false }, 150)
})
// Those that come when one has gone on stay closed: they would cover what one is at.
document.addEventListener('loadend', (event) => {
  const box = event.target.closest?.('auto-complete')
  if (box && !box.contains(document.activeElement)) box.open = false
}, true)
// The address says what a page shows of itself.
const shown = document.getElementById('address')?.dataset.address
if (shown) history.replaceState(history.state, '', shown)
