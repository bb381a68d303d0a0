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
