// Chosen suggestions of the search box lead straight to what they name; a changed filter is applied at once.
document.addEventListener('combobox-commit', (event) => {
  const address = event.target.closest?.('.searchbox [data-href]')?.dataset.href
  if (address) location.href = address
})
document.addEventListener('change', (event) => {
  if (event.target.matches?.('.facets input[type=checkbox]')) event.target.form.requestSubmit()
})
